// The live book: draws what the module answers, and listens. It computes nothing: the module is the book's
// own Swift, and without it, or without scripts, the pages are complete all the same.
"use strict";

const book = {};
document.documentElement.classList.add("live-book");

// MARK: The module

/** Loads a script of the site once; scripts load from the disk too, where fetching is refused. */
book.load = name => book.load[name] ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = name;
  script.onload = done;
  script.onerror = () => failed(new Error(name + " is missing beside this page"));
  document.head.append(script);
});

/** The bytes of letters that hold seven bits each. */
book.bytes = letters => new Uint8Array(letters.length * 7 >> 3).map((_, place) => {
  const letter = Math.floor(place * 8 / 7);
  return (letters.charCodeAt(letter) << 7 | letters.charCodeAt(letter + 1)) >> 6 - place * 8 % 7;
});

/** Compiles the module, which the script that all pages share holds packed. */
book.compile = () => book.compiled ??= (async () => {
  if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly");
  if (typeof DecompressionStream !== "function")
    throw new Error("this browser can't unpack the program of these pages; one of 2023 or later can");
  await book.load("module.js");
  const packed = new Blob([book.bytes(book.module)]).stream();
  return WebAssembly.compile(await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
})();
/** Starts the module, anew after a trap. */
book.start = async () => {
  const compiled = await book.compile();
  return (await WebAssembly.instantiate(compiled, {})).exports;
};
/** Whether the module stopped in the middle of something, and not for want of it. */
book.isTrap = problem => ["RuntimeError", "RangeError"].includes(problem.name);

/** Asks the module; the answer is an object that has `error` where there is none. After a trap another
 * module is asked the same. */
book.ask = async (request, isAgain = false) => {
  const running = book.running ??= book.start();
  try {
    const swift = await running;
    const bytes = new TextEncoder().encode(request);
    // First the room: making it may move the memory.
    const room = swift.room(bytes.length);
    new Uint8Array(swift.memory.buffer, room, bytes.length).set(bytes);
    const place = swift.answer();
    const length = swift.answerLength();
    return JSON.parse(new TextDecoder().decode(new Uint8Array(swift.memory.buffer, place, length)));
  } catch (problem) {
    if (book.running === running) book.running = null;
    if (!book.isTrap(problem)) return { error: problem.message };
    return isAgain ? { error: "these numbers are too large for this page; the terminal takes larger ones" }
      : book.ask(request, true);
  }
};

// MARK: Small things

/** An element with its attributes and content: `make("a", { href: "x" }, "text")`. */
book.make = (name, attributes = {}, ...content) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element[key] = value; else element.setAttribute(key, value);
  }
  element.append(...content);
  return element;
};

/** What a link holds behind its `#`, as names and values; `first` is what stands before them. */
book.state = (text = location.hash.slice(1)) => {
  const [first, ...rest] = text.split("&");
  return { first, values: new URLSearchParams(rest.join("&")) };
};
/** The same as text; commas and the like stay readable. */
book.query = (first, values) => [first, ...Object.entries(values)
  .map(([name, value]) => name + "=" + encodeURIComponent(value).replace(/%(2C|2F|3B)/g, unescape))].join("&");
/** Tells before a place what of a link could not be taken. */
book.refuse = (place, sentence) =>
  place.before(book.make("p", { class: "error refusal", role: "alert" }, "the link says " + sentence));
/** Puts what a link says into the fields of a form, the others as they were at first; what is not taken is
 * told before a place. */
book.fill = (form, values, place) => {
  place.parentElement.querySelectorAll(":scope > .refusal").forEach(old => old.remove());
  form.reset();
  const fields = [...form.querySelectorAll("[name]")];
  for (const name of new Set(values.keys())) {
    if (!fields.some(field => field.name === name))
      book.refuse(place, `${name}=${values.get(name)}, and there is no such field here`);
  }
  for (const field of fields.filter(field => values.has(field.name))) {
    const [value, usual] = [values.get(field.name), field.value];
    if (field.type === "checkbox") { field.checked = !["0", "false", "no", "off"].includes(value); continue; }
    // A field for numbers writes on the console when it is given anything else.
    if (!["number", "range"].includes(field.type) || /^-?\d+(\.\d+)?$/.test(value)) field.value = value;
    if (field.value === value) continue;
    field.value = usual;
    book.refuse(place, `${field.name}=${value}, which is not taken here; it stays ${usual}`);
  }
};
book.remember = query => history.replaceState(null, "", "#" + query);

book.store = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem("convbook." + name);
    localStorage.setItem("convbook." + name, value);
  } catch { return null; }
};

/** Shows HTML of the module, or its sentence why there is none; figures in it come alive. */
book.show = (place, answer) => {
  if (answer.error) place.replaceChildren(book.make("p", { class: "error", role: "alert" }, answer.error));
  else { place.innerHTML = answer.html; book.enliven(place); }
};

// MARK: Figures

/** Lets the cells of a figure be pointed at, walked through with arrows, and played. */
book.figure = box => {
  const svg = box.querySelector("svg[data-places]");
  if (!svg) return;
  const places = svg.dataset.places.split(" "), role = svg.dataset.turns;
  const parts = [...svg.querySelectorAll("[data-from]")].map(part =>
    ({ part, from: +part.dataset.from, to: +part.dataset.to }));
  const placeOf = cell => [cell.closest("[data-map]").dataset.map, cell.dataset.row, cell.dataset.column].join();
  const cells = new Map([...svg.querySelectorAll(`[data-role=${role}] rect[data-row]`)].map(cell => [placeOf(cell), cell]));
  const sums = (box.parentElement.querySelector(".sums pre")?.textContent ?? "").split("\n");
  const spoken = book.make("span", { class: "note", "aria-live": "polite" });
  let now = +svg.dataset.current, timer = null;
  const turn = index => {
    now = Math.min(Math.max(index, 0), places.length - 1);
    for (const { part, from, to } of parts) {
      if (from <= now && now < to) part.removeAttribute("visibility"); else part.setAttribute("visibility", "hidden");
    }
    svg.setAttribute("aria-label", sums[now] ?? "");
    slide.value = now;
    slide.setAttribute("aria-valuetext", sums[now] ?? "");
  };
  const stop = () => { clearInterval(timer); timer = null; play.textContent = "Play"; };
  const step = by => { stop(); turn(now + by); spoken.textContent = sums[now] ?? ""; };
  const slide = book.make("input", { type: "range", min: 0, max: places.length - 1, value: now,
    "aria-label": "cell", oninput: () => step(slide.value - now) });
  const play = book.make("button", { type: "button", onclick: () => {
    if (timer) return stop();
    if (now === places.length - 1) turn(0);
    play.textContent = "Pause";
    timer = setInterval(() => now < places.length - 1 ? turn(now + 1) : stop(), 600);
  } }, "Play");
  const button = (text, by) => book.make("button",
    { type: "button", "aria-label": by < 0 ? "cell before" : "next cell", onclick: () => step(by) }, text);
  box.classList.add("turns");
  box.setAttribute("aria-label", "figure; the arrow keys walk through its cells");
  if (places.length > 1)
    box.after(book.make("div", { class: "bar needs-script" }, button("◀", -1), play, button("▶", 1), slide, spoken));
  /** Of another map's cell those are marked that read it, or that it is added to. */
  const mark = cell => {
    for (const reader of cells.values()) reader.classList.remove("reader");
    const group = cell?.closest("[data-map]").dataset;
    for (const { part, from, to } of group && group.role !== role ? parts : []) {
      if (part.dataset.role === group.role && part.dataset.map === group.map && [...part.querySelectorAll("[data-cells]")]
        .some(marks => marks.dataset.cells.split(" ").includes(cell.dataset.row + "," + cell.dataset.column)))
        for (const place of places.slice(from, to)) cells.get(place)?.classList.add("reader");
    }
  };
  box.addEventListener("pointerleave", () => mark(null));
  const pointed = event => {
    const cell = event.target.closest?.("[data-role] rect[data-row]");
    mark(cell);
    const index = cell?.closest(`[data-role=${role}]`) ? places.indexOf(placeOf(cell)) : -1;
    if (index >= 0 && index !== now) { stop(); turn(index); }
  };
  box.addEventListener("pointerover", pointed);
  box.addEventListener("pointerdown", pointed);
  box.addEventListener("keydown", event => {
    const [map, row, column] = places[now].split(",").map(Number);
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const move = moves[event.key];
    if (!move) return;
    const index = places.indexOf([map, row + move[0], column + move[1]].join());
    event.preventDefault();
    if (index >= 0) step(index - now);
  });
  svg.querySelectorAll("[data-role] text").forEach(text => text.setAttribute("pointer-events", "none"));
};

// MARK: Predictions

/** Gives a prediction a field for the reader's answer, which the book judges. */
book.prediction = box => {
  const field = book.make("input", { "aria-label": "your answer", autocomplete: "off" });
  const said = book.make("span", { "aria-live": "polite" });
  const form = book.make("form", { class: "reply needs-script" }, field,
    book.make("button", {}, "Check"), said);
  form.onsubmit = async () => {
    const { answer, order, also } = box.dataset;
    const reply = await book.ask("judge " + [field.value, answer, order, ...also.split("|").filter(Boolean)]
      .map(line => line.replaceAll("\n", " ")).join("\n"));
    said.className = reply.right ? "right" : "wrong";
    said.textContent = reply.error ?? (reply.right ? "✓ right" : "✗ not yet");
    if (reply.right) box.querySelector("details").open = true;
  };
  box.querySelector("details").before(form);
};

// MARK: The same with other numbers

/** Fields below a figure of a lesson, for the same case with the reader's numbers. */
book.change = trace => {
  const { first, values } = book.state(trace.dataset.case);
  const field = (name, type, usual, attributes) => {
    // No output element: the label would name that.
    const shown = book.make("span"), input = book.make("input", { name, type, value: values.get(name) ?? usual,
      spellcheck: "false", ...attributes });
    if (type === "range") input.oninput = () => { shown.textContent = input.value; };
    input.oninput?.();
    return book.make("label", type === "text" ? { class: "whole" } : {},
      book.make("span", {}, book.make("b", {}, name.replace("-", " ")), " ", shown), input);
  };
  const form = book.make("form", { class: "fields" }, field("input", "text"), field("weight", "text"),
    field("stride", "range", 1, { min: 1, max: 5 }), field("padding", "range", 0, { min: 0, max: 6 }),
    field("dilation", "range", 1, { min: 1, max: 4 }),
    ...first === "conv" ? [] : [field("output-padding", "range", 0, { min: 0, max: 4 })]);
  const place = book.make("div"), report = book.make("div"), link = book.make("a", {}, "in the laboratory");
  let asked = 0;
  const update = async () => {
    const query = book.query(first, { ...Object.fromEntries(new FormData(form)),
      ...values.has("form") && { form: values.get("form") } });
    const turn = ++asked, answer = await book.ask("trace " + query);
    if (turn !== asked) return;
    book.show(place, answer);
    link.href = "laboratory.html#" + query;
    report.innerHTML = answer.report ?? "";
  };
  form.addEventListener("input", update);
  const box = book.make("details", { class: "change needs-script", ontoggle: () => asked || update() },
    book.make("summary", {}, "Change its numbers"), form, place, report, book.make("p", {}, "The same ", link));
  trace.append(box);
};

book.enliven = place => {
  place.querySelectorAll(".live").forEach(book.figure);
  if (!place.closest?.(".change, #maps")) place.querySelectorAll("[data-case]").forEach(book.change);
  place.querySelectorAll(".prediction[data-answer]").forEach(book.prediction);
};

// MARK: Lessons on the reader's numbers

book.lesson = form => {
  const steps = document.getElementById("steps"), command = document.getElementById("command");
  const number = form.dataset.lesson, fields = [...form.querySelectorAll("input")];
  const own = steps.innerHTML;
  let asked = 0;
  const update = async () => {
    const turn = ++asked;
    const query = book.query("", Object.fromEntries(fields.map(field => [field.name, field.value]))).slice(1);
    const isOwn = fields.some(field => field.value !== field.defaultValue);
    book.remember(isOwn ? "&" + query : "");
    const answer = isOwn ? await book.ask("lesson " + number + "&" + query) : { html: own };
    // An earlier question may be answered later.
    if (turn !== asked) return;
    book.show(steps, answer);
    if (answer.command) command.textContent = answer.command;
  };
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  const fill = () => book.fill(form, book.state().values, steps);
  if (book.state().values.size) fill();
  addEventListener("hashchange", fill);
};

// MARK: Search

book.search = (field, list) => {
  const find = async () => {
    await book.load("search.js");
    const words = field.value.toLowerCase().replace(/(\d)x(?=\d)/g, "$1 ").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const has = text => words.every(word => (" " + text).includes(" " + word));
    const hits = words.length === 0 ? [] : book.index.filter(([, title, , text]) => has(title.toLowerCase() + " " + text));
    // What is named so comes before what speaks of it.
    const named = hits.filter(([, title]) => has(title.toLowerCase()));
    const found = [...named, ...hits.filter(hit => !named.includes(hit))].slice(0, 12);
    list.replaceChildren(...found.map(([link, title, where]) => book.make("li", {},
      book.make("a", { href: link }, title, book.make("small", {}, where)))));
    if (words.length && !found.length) list.append(book.make("li", {}, "nothing found"));
  };
  field.addEventListener("input", find);
  field.addEventListener("keydown", event => {
    if (event.key === "Escape") { field.value = ""; list.replaceChildren(); }
    if (event.key === "Enter") list.querySelector("a")?.click();
  });
};

// MARK: The page

// No form of a page is sent anywhere.
addEventListener("submit", event => event.preventDefault());
addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-lesson]");
  // First, because it keeps the lesson's own steps as they came.
  if (form) book.lesson(form);
  book.enliven(document);
  const field = document.querySelector(".search input");
  if (field) book.search(field, document.querySelector(".results"));
  const last = document.getElementById("last"), here = document.body.dataset.lesson;
  if (here) book.store("last", location.pathname.split("/").pop() + "|" + document.querySelector("h1").textContent);
  const [page, title] = (book.store("last") ?? "").split("|");
  if (last && title) last.append("Go on with ", book.make("a", { href: page }, title));
});
