"use strict";
// How the workbench draws what the server sends. All of it is put in place as text, never as HTML.
window.draw = (() => {
  const make = (tag, kind, ...inside) => {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    element.append(...inside.filter((one) => one !== null && one !== undefined));
    return element;
  };

  const button = (label, act, kind) => {
    const found = make("button", kind, label);
    found.type = "button";
    found.addEventListener("click", act);
    return found;
  };

  const bar = (value, label) => {
    const meter = make("meter");
    meter.value = value;
    meter.setAttribute("aria-label", `${label}: ${value.toFixed(2)}`);
    return meter;
  };

  const spans = (parent, line) => {
    line.forEach((span) => {
      let place = parent;
      const nest = (tag) => place.appendChild(document.createElement(tag));
      if (span.href && /^(https?:|tel:|sms:|mailto:)/i.test(span.href)) {
        place = nest("a");
        place.href = span.href;
        place.target = "_blank";
        place.rel = "noopener noreferrer";
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
      lines.forEach((line) => list.append(spans(make("li"), line)));
      return list;
    }
    const part = make("p", shape === "paragraph" ? "" : shape);
    lines.forEach((line, index) => {
      if (index) part.append(make("br"));
      spans(part, line);
    });
    return part;
  };

  const turn = (shown, tap) => {
    const article = make("article", `turn ${shown.kind}`, ...shown.blocks.map(block));
    article.lang = shown.language;
    if (shown.choices.length) {
      const row = make("div", "choices");
      shown.choices.forEach((one) => row.append(button(one.label, () => tap(one))));
      article.append(row);
    }
    return article;
  };

  // offsets of entities count UTF-16 units, and so do texts here
  const phone = (part) => {
    const box = make("div", "phone");
    const cuts = [...new Set([0, part.text.length, ...part.marks.flatMap((one) => [one.offset, one.offset + one.length])])];
    cuts.sort((one, other) => one - other);
    cuts.slice(0, -1).forEach((start, index) => {
      const over = part.marks.filter((one) => one.offset <= start && start < one.offset + one.length);
      const has = (type) => over.find((one) => one.type === type);
      let place = box;
      if (has("text_link")) place = place.appendChild(make("u"));
      if (has("bold")) place = place.appendChild(make("strong"));
      if (has("italic")) place = place.appendChild(make("em"));
      place.append(part.text.slice(start, cuts[index + 1]));
    });
    if (!part.keyboard.length) return [box];
    const keys = make("div", "keys", ...part.keyboard.map((row) => make("div", "", ...row.map((label) => make("span", "", label)))));
    return [box, keys];
  };

  const facts = (pairs) => {
    const list = make("dl");
    pairs.filter(([, value]) => value).forEach(([name, value]) => list.append(make("dt", "", name), make("dd", "", value)));
    return list;
  };

  const candidates = (seen, choose) => {
    const table = make("table", "bars");
    const body = table.appendChild(make("tbody"));
    const rows = [...seen.reading.candidates, { intent: "no intent", confidence: seen.reading.outside }];
    rows.forEach(({ intent, confidence }, index) => {
      const name = make("th", "", intent);
      name.scope = "row";
      const put = intent === "no intent" ? null : button("put it here", () => choose(intent));
      if (put) put.setAttribute("aria-label", `put this phrase to ${intent}`);
      const cells = [name, make("td", "", bar(confidence, intent)), make("td", "", put), make("td", "", confidence.toFixed(2))];
      body.append(make("tr", index ? "" : "first", ...cells));
    });
    return table;
  };

  const near = (reading) => {
    const list = make("ul", "near");
    reading.nearest.forEach((one) => {
      const where = make("span", "at", one.at ? `  ${one.at}` : "");
      list.append(make("li", "", `${one.similarity.toFixed(2)}  “${one.text}” → ${one.intent}`, make("br"), where));
    });
    return list;
  };

  const slot = (hit) => {
    const role = hit.role ? `, as ${hit.role}` : "";
    return `${hit.slot} = ${hit.value}, from “${hit.words}” (${hit.score.toFixed(2)}${role}${hit.denied ? ", taken back" : ""})`;
  };

  const reading = (seen, choose) => {
    const { language, slots, spelling, points } = seen.reading;
    const sure = language.certain ? "sure" : "not sure";
    return [
      facts([
        ["language", `${language.code} (${sure})`],
        ["slots", slots.map(slot).join("; ")],
        ["points at", points.map(([name, role]) => `the ${name} said as ${role}`).join("; ")],
        ["spelling", spelling.map(([typed, read]) => (read ? `“${typed}” was read as “${read}”` : `“${typed}” was left out`)).join("; ")],
        ["group", seen.reading.group],
      ]),
      make("h3", "", "Candidates"),
      candidates(seen, choose),
      make("p", "soft", `answers from ${seen.bars.answer.toFixed(2)} if ${seen.bars.margin.toFixed(2)} ahead; asks back from ${seen.bars.clarify.toFixed(2)}`),
      make("h3", "", "Nearest examples"),
      near(seen.reading),
    ];
  };

  const folded = (title, ...inside) => make("details", "", make("summary", "", title), ...inside);

  const why = (seen, choose) => {
    const state = seen.conversation ? JSON.stringify(JSON.parse(seen.conversation), null, 1) : "forgotten";
    const sign = make("p", "", seen.verdict ? `Crisis: ${seen.verdict}` : "No crisis sign decided.");
    return [
      facts([["reply", `${seen.kind}: ${seen.reason}`], ["intents", seen.intents.join(", ")], ["confidence", seen.confidence.toFixed(2)]]),
      make("h3", "", "Crisis check"),
      sign,
      seen.crisis.length ? folded("what it saw", make("pre", "", seen.crisis.join("\n"))) : null,
      ...(seen.reading ? [make("h3", "", "Understood as"), ...reading(seen, choose)] : []),
      folded("on Telegram", ...seen.telegram.flatMap(phone)),
      folded("what is remembered", make("pre", "", state)),
    ].filter(Boolean);
  };

  const diff = (text) => {
    const box = make("pre", "diff");
    text.split("\n").slice(2).filter(Boolean).forEach((line) => {
      box.append(make("span", { "+": "plus", "-": "minus" }[line[0]] || "", line));
    });
    return box;
  };

  const effect = (rows) => {
    const others = rows.slice(1);
    const own = rows[0];
    const list = make("ul", "near", ...others.map((one) => make("li", "", `“${one.text}” of ${one.owner}: ${one.was} → ${one.now}`)));
    const sum = others.length ? `${others.length} other phrases near it change:` : "No other phrase near it changes.";
    const first = `The phrase itself: ${own.was} (${own.sure[0].toFixed(2)}) → ${own.now} (${own.sure[1].toFixed(2)})`;
    return [make("p", "", first), make("p", "", sum), list];
  };

  const finding = (one) => {
    const head = make("p", one.level, make("b", "", one.level), " ", make("span", "at", `${one.file}:${one.line}`), " ", one.code);
    const write = one.write ? make("p", "write", `Write it like this: ${one.write}`) : null;
    return make("li", "", head, make("p", "", one.what), one.expected ? make("p", "soft", `Expected ${one.expected}`) : null, write);
  };

  return { make, button, bar, turn, why, diff, effect, finding };
})();
