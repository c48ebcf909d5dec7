"use strict";
// The chat without reloading the page. All that arrives is put in place as text, never as HTML.
(() => {
  const KEY = "session";
  const PATIENCE = 20000; // milliseconds until a silent server counts as gone
  const find = (selector) => document.querySelector(selector);
  const root = document.documentElement;
  const form = find("#ask");
  const box = find("#text");
  const log = find("#log");
  const busy = find("#busy");
  const failed = find("#failed");
  const cleared = find("#cleared");
  const reasons = [...failed.querySelectorAll(".why")].map((line) => [line, line.textContent]);

  // sessionStorage alone, so that closing the tab forgets; some browsers refuse it altogether
  const kept = (change) => {
    try {
      return change(sessionStorage);
    } catch (error) {
      return null;
    }
  };
  let session = kept((store) => store.getItem(KEY)) || form.elements.session.value;
  let line = Promise.resolve();
  let waiting = 0;
  let last = null;

  const make = (tag, kind, text) => {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text) element.textContent = text;
    return element;
  };

  const fill = (parent, spans) => {
    spans.forEach((span) => {
      let place = parent;
      const nest = (tag) => place.appendChild(document.createElement(tag));
      if (span.href && /^(https?:|tel:|sms:|mailto:)/i.test(span.href)) {
        place = nest("a");
        place.href = span.href;
        if (/^http/i.test(span.href)) {
          place.target = "_blank";
          place.rel = "noopener noreferrer";
        }
      }
      if (span.bold) place = nest("strong");
      if (span.italic) place = nest("em");
      place.append(span.text);
    });
    return parent;
  };

  const block = ({ shape, lines }) => {
    if (shape === "bullets" || shape === "steps") {
      const list = make(shape === "bullets" ? "ul" : "ol");
      lines.forEach((spans) => list.append(fill(make("li"), spans)));
      return list;
    }
    const part = make("p", shape === "paragraph" ? "" : shape);
    lines.forEach((spans, index) => {
      if (index) part.append(make("br"));
      fill(part, spans);
    });
    return part;
  };

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const reveal = (element) => element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });

  const speak = (language) => {
    const words = document.querySelectorAll(`[data-${language}]`);
    if (!words.length || language === root.lang) return;
    root.lang = language;
    words.forEach((element) => {
      element.textContent = element.getAttribute(`data-${language}`);
    });
    box.placeholder = find("label[for=text]").textContent;
    form.elements.lang.value = language;
    document.querySelectorAll(".switch").forEach((link) => {
      link.hidden = link.hreflang === language;
    });
  };

  const say = (text) => {
    document.body.classList.add("talking");
    cleared.hidden = true;
    const bubble = make("article", "said");
    const who = bubble.appendChild(find("#you").cloneNode(true));
    who.removeAttribute("id");
    who.hidden = false;
    bubble.append(make("p", "", text));
    log.append(bubble);
    reveal(bubble);
  };

  const answer = (turn, tapped) => {
    speak(turn.language);
    log.querySelectorAll(".choices").forEach((old) => old.remove());
    const article = make("article", `turn ${turn.kind}`);
    article.lang = turn.language;
    article.tabIndex = -1;
    article.append(make("b", "vh", find("h1").textContent), ...turn.blocks.map(block));
    if (turn.choices.length) {
      const row = article.appendChild(make("div", "choices"));
      turn.choices.forEach((choice) => {
        const button = row.appendChild(make("button", "", choice.label));
        button.type = "button";
        button.name = "pick";
        button.value = choice.pick;
      });
    }
    log.append(article);
    // the keyboard goes on from the new answer; who was writing stays in the box
    if (tapped) article.focus({ preventScroll: true });
    const question = article.previousElementSibling;
    reveal(question && question.className === "said" && question.offsetHeight < 200 ? question : article);
  };

  const post = async (path, data) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(data),
        signal: patience.signal,
      });
      const read = await response.json();
      if (!response.ok) throw Object.assign(new Error("refused"), { says: read.error });
      return read;
    } finally {
      clearTimeout(timer);
    }
  };

  const fail = (error) => {
    reasons.forEach(([place, usual]) => {
      place.textContent = (place.parentNode.lang === root.lang && error.says) || usual;
    });
    failed.hidden = false;
    reveal(failed);
  };

  const send = async (request, tapped) => {
    const turn = await post("/api/reply", Object.assign({ session, language: root.lang }, request));
    session = turn.session;
    kept((store) => store.setItem(KEY, session));
    form.elements.session.value = session;
    answer(turn, tapped);
  };

  // one after the other, so that answers come in the order of the questions
  const queue = (job) => {
    waiting += 1;
    busy.hidden = false;
    failed.hidden = true;
    line = line
      .then(job)
      .catch((error) => {
        last = job;
        fail(error);
      })
      .then(() => {
        waiting -= 1;
        busy.hidden = !waiting;
      });
  };
  const ask = (request, said, tapped) => {
    say(said);
    queue(() => send(request, tapped));
  };

  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };
  const write = () => {
    const text = box.value.trim();
    box.value = "";
    grow();
    if (text) ask({ text }, text, false);
    box.focus();
  };

  const clear = async () => {
    session = (await post("/api/forget", { session })).session;
    form.elements.session.value = session;
    kept((store) => store.removeItem(KEY));
    log.textContent = "";
    failed.hidden = true;
    const start = find("#start");
    if (!start || start.lang !== root.lang) {
      window.location.replace(`/?lang=${root.lang}`);
      return;
    }
    document.body.classList.remove("talking");
    cleared.hidden = false;
    window.scrollTo(0, 0);
    box.focus({ preventScroll: true });
  };

  const leave = (event) => {
    event.preventDefault();
    kept((store) => store.clear());
    const gone = new Blob([JSON.stringify({ session })], { type: "application/json" });
    if (navigator.sendBeacon) navigator.sendBeacon("/api/forget", gone);
    const away = event.currentTarget.href;
    document.title = "";
    document.body.textContent = "";
    window.location.replace(away);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write();
  });
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    write();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, .switch");
    if (!button) return;
    if (button.name === "pick") {
      event.preventDefault();
      ask({ pick: button.value.split(" ")[0] }, button.textContent, true);
    } else if (button.name === "forget") {
      event.preventDefault();
      queue(clear);
    } else if (button.id === "retry") {
      log.focus({ preventScroll: true });
      queue(last);
    } else if (button.className === "switch" && log.childElementCount) {
      event.preventDefault();
      ask({ pick: `l:${button.hreflang}` }, button.textContent, true);
    }
  });
  find("#exit").addEventListener("click", leave);
})();
