"use strict";
// The workbench: what is asked of the server, and where its answers go.
(() => {
  const { make, button, bar, turn, why, diff, effect, finding } = window.draw;
  const find = (selector) => document.querySelector(selector);
  const TOKEN = find("meta[name=token]").content;
  const wrong = find("#wrong");
  let conversation = "";
  let change = null;
  let findings = [];
  let seen = -1;

  const call = async (path, body) => {
    const options = { headers: { "X-Token": TOKEN }, cache: "no-store" };
    if (body) {
      options.method = "POST";
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const response = await fetch(`/api/${path}`, options);
    const data = await response.json();
    if (!response.ok) throw new Error(data.error);
    return data;
  };

  const told = (work) => async (event) => {
    if (event) event.preventDefault();
    wrong.hidden = true;
    try {
      await work(event);
    } catch (error) {
      wrong.textContent = error instanceof TypeError ? "The workbench does not answer. Is it still running?" : error.message;
      wrong.hidden = false;
    }
  };

  // the talk
  const log = find("#log");
  const show = (data, text) => {
    conversation = data.conversation;
    log.querySelectorAll(".choices").forEach((old) => old.remove());
    const article = turn(data.turn, (choice) => told(() => ask("", choice.pick, choice.label))());
    log.append(article);
    article.scrollIntoView({ block: "nearest" });
    find("#empty").hidden = true;
    find("#why").replaceChildren(...why(data, (intent) => choose(text, intent, data.reading.language.code)));
    find("#place").hidden = !data.reading;
    if (data.reading) prepare(text, data);
  };
  const ask = async (text, pick, label) => {
    log.append(make("div", "said", make("p", "", label || text)));
    show(await call("ask", { text, pick, conversation }), text);
  };
  find("#ask").addEventListener("submit", told(async () => {
    const box = find("#text");
    const text = box.value.trim();
    box.value = "";
    box.focus();
    if (text) await ask(text, "", "");
  }));
  const begin = async () => {
    conversation = "";
    log.replaceChildren();
    find("#why").replaceChildren();
    find("#place").hidden = true;
    find("#empty").hidden = false;
    const data = await call("ask", { text: "", pick: "", conversation });
    conversation = data.conversation;
    log.append(turn(data.turn, (choice) => told(() => ask("", choice.pick, choice.label))()));
  };
  find("#again").addEventListener("click", told(begin));

  // putting a phrase somewhere
  const place = find("#place");
  const prepare = (text, data) => {
    find("#phrase").value = text;
    find("#language").value = data.reading.language.code;
    find("#owner").value = data.reading.candidates.length ? data.reading.candidates[0].intent : "";
    unshown();
  };
  const choose = (text, intent, language) => {
    find("#phrase").value = text;
    find("#owner").value = intent;
    find("#language").value = language;
    unshown();
    find("#phrase").focus();
  };
  const wish = () => ({
    text: find("#phrase").value,
    owner: find("#owner").value,
    language: find("#language").value,
    role: place.elements.role.value,
  });
  const unshown = () => {
    change = null;
    find("#write").hidden = true;
    find("#effect").hidden = true;
    find("#change").replaceChildren();
  };
  place.addEventListener("input", unshown);
  place.addEventListener("submit", told(async () => {
    unshown();
    const asked = wish();
    const data = await call("preview", asked);
    change = { ...asked, diff: data.diff };
    find("#change").replaceChildren(make("h3", "", data.file), diff(data.diff));
    find("#effect").hidden = asked.role === "test";
    find("#write").hidden = false;
  }));
  find("#effect").addEventListener("click", told(async () => {
    const own = find("#effect");
    own.disabled = true;
    const wait = make("p", "soft", "Learning it to see. With many phrases this takes a minute or more; you can go on meanwhile.");
    find("#change").append(wait);
    try {
      const rows = await call("effect", change);
      find("#change").append(...effect(rows));
    } finally {
      wait.remove();
      own.disabled = false;
    }
  }));
  find("#write").addEventListener("click", told(async () => {
    const data = await call("write", change);
    unshown();
    find("#change").append(make("p", "", `Written to ${data.file}. To take it back: git checkout ${data.file}`));
  }));

  // views
  const number = (count, least) => make("td", count < least ? "n thin" : "n", String(count));
  let covered = [];
  const drawCoverage = () => {
    const part = find("#find").value.toLowerCase();
    const rows = covered.filter((one) => `${one.id} ${one.title}`.toLowerCase().includes(part));
    const topics = [...new Set(rows.map((one) => one.topic))];
    find("#topics").replaceChildren(...topics.map((topic) => cover(topic, rows.filter((one) => one.topic === topic))));
  };
  const cover = (topic, rows) => {
    const codes = Object.keys(rows[0].examples);
    const heads = ["question", ...codes.map((code) => `examples ${code}`), ...codes.map((code) => `tests ${code}`), "review", "sure"];
    const head = make("tr", "", ...heads.map((name) => {
      const cell = make("th", "", name);
      cell.scope = "col";
      return cell;
    }));
    const table = make("table", "cover", make("thead", "", head));
    table.append(make("tbody", "", ...rows.map((one) => {
      const name = make("th", "", one.title, make("br"), make("span", "at", `${one.id}  ${one.at}`));
      name.scope = "row";
      const counts = [...codes.map((code) => number(one.examples[code], 10)), ...codes.map((code) => number(one.tests[code], 1))];
      const sure = one.sure[1] ? `${one.sure[0]} of ${one.sure[1]}` : "";
      return make("tr", "", name, ...counts, make("td", "", one.review), make("td", "n", sure));
    })));
    const box = make("details", "", make("summary", "", `${topic} (${rows.length})`), table);
    box.open = rows.length < 40;
    return box;
  };
  find("#find").addEventListener("input", drawCoverage);

  const pair = (one, most) => {
    const ask = (text) => told(() => {
      location.hash = "#talk";
      return submit(text);
    });
    const cell = (text) => make("td", "", button(text, ask(text), "quiet"));
    const head = make("tr", "", ...one.labels.map((label) => make("th", "", label)), make("th", "", "likeness"));
    const rows = one.closest.map(([first, second, like]) => make("tr", "", cell(first), cell(second), make("td", "", like.toFixed(2))));
    const meter = bar(one.count / most, `${one.count} close phrases`);
    const summary = make("summary", "", make("span", "", one.labels.join("  ↔  ")), meter, make("span", "", String(one.count)));
    return make("details", "pair-rows", summary, make("table", "", make("tbody", "", head, ...rows)));
  };
  const submit = async (text) => {
    turnTo();
    await ask(text, "", "");
  };

  const drawFindings = () => {
    const first = [...findings].sort((one, other) => (one.level === "error" ? 0 : 1) - (other.level === "error" ? 0 : 1));
    const rows = first.filter((one) => !find("#errors").checked || one.level === "error");
    find("#rows").replaceChildren(...rows.slice(0, 500).map(finding));
    if (!rows.length) find("#rows").append(make("li", "", "Nothing is wrong."));
    if (rows.length > 500) find("#rows").append(make("li", "soft", `and ${rows.length - 500} more: run_bot.py check`));
    const errors = findings.filter((one) => one.level === "error").length;
    const counted = errors === 1 ? "1 error" : `${errors} errors`;
    find("#count").hidden = !findings.length;
    find("#count").textContent = errors ? counted : String(findings.length);
  };
  find("#errors").addEventListener("change", drawFindings);

  const loaders = {
    coverage: async () => {
      covered = await call("coverage");
      drawCoverage();
    },
    confusion: async () => {
      find("#pairs").replaceChildren(make("p", "soft", "Comparing every phrase with every other…"));
      const pairs = await call("confusion");
      const most = Math.max(1, ...pairs.map((one) => one.count));
      find("#pairs").replaceChildren(...pairs.map((one) => pair(one, most)));
      if (!pairs.length) find("#pairs").append(make("p", "", "No two questions lie close."));
    },
  };
  const turnTo = () => {
    const name = ["coverage", "confusion", "findings"].find((one) => location.hash === `#${one}`) || "talk";
    document.querySelectorAll(".view").forEach((view) => (view.hidden = view.id !== name));
    document.querySelectorAll("nav a").forEach((link) => {
      if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    return name;
  };
  const opened = () => {
    const name = turnTo();
    if (loaders[name]) told(loaders[name])();
  };
  window.addEventListener("hashchange", opened);

  // news of the files
  const follow = async () => {
    try {
      const data = await call(`live?seen=${seen}`);
      if (data.version !== seen) {
        seen = data.version;
        find("#said").textContent = data.said;
        find("#said").classList.toggle("refused", data.refused > 0);
        findings = data.findings;
        drawFindings();
      }
      setTimeout(follow, 50);
    } catch (error) {
      find("#said").textContent = "The workbench does not answer. Is it still running?";
      setTimeout(follow, 3000);
    }
  };

  told(async () => {
    const about = await call("about");
    find("#name").textContent = `of the ${about.name}`;
    find("#owners").append(...about.owners.map((name) => Object.assign(make("option"), { value: name })));
    find("#language").append(...about.languages.map((code) => make("option", "", code)));
    opened();
    await begin();
    follow();
  })();
})();
