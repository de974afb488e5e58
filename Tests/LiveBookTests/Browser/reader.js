// Plays a reader of a page. Each of these does one thing as a person does it, waits until what it should
// lead to is there, and gives the sentences of what was wrong. BrowserTests runs them in a real browser.
"use strict";

window.reader = (() => {
  const faults = [];
  const expect = (holds, sentence) => { if (!holds) faults.push(sentence); return holds; };
  /** Waits for a condition, and not for a time; the limit is for those that never come. */
  const until = async (test, sentence) => {
    const end = performance.now() + 30000;
    while (!test() && performance.now() < end) await new Promise(done => setTimeout(done, 5));
    return expect(test(), sentence);
  };
  const one = selector => document.querySelector(selector);
  const all = selector => [...document.querySelectorAll(selector)];
  const type = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const errorIn = place => place.querySelector(".error")?.textContent ?? "";

  const actions = {
    /** The page fits, its parts have names, and its links lead to something in it. */
    shape: () => {
      expect(document.documentElement.scrollWidth <= innerWidth,
        "the page is wider than the window: " + document.documentElement.scrollWidth);
      expect(all("h1").length === 1, "one title");
      const ids = all("[id]").map(element => element.id);
      expect(new Set(ids).size === ids.length, "an id is twice: " + ids.filter((id, i) => ids.indexOf(id) !== i));
      for (const link of all("a[href^='#']"))
        expect(document.getElementById(link.getAttribute("href").slice(1)), "a link to nowhere");
      for (const field of all("input, select, textarea, button"))
        expect(field.closest("label") || field.getAttribute("aria-label") || field.textContent.trim(), "a field without a name");
      for (const image of all("img")) expect(image.alt, "an image without words");
      for (const place of all("[tabindex='0']")) expect(place.getAttribute("aria-label"), "a place without a name: " + place.className);
      const levels = all("h1, h2, h3").map(heading => +heading.tagName[1]);
      expect(levels.every((level, i) => i === 0 || level <= levels[i - 1] + 1), "a heading is too deep: " + levels);
    },

    /** Every cell of a figure can be pointed at, and then its own window is shown. */
    figures: () => {
      for (const box of all(".live")) {
        const svg = box.querySelector("svg"), role = svg.dataset.turns;
        const cells = [...svg.querySelectorAll(`[data-role=${role}] rect[data-row]`)];
        const seen = new Set();
        for (const cell of cells) {
          cell.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
          const shown = [...svg.querySelectorAll("[data-from]:not([visibility])")].map(part => part.outerHTML);
          if (shown.length) seen.add(shown.join());
        }
        expect(seen.size > Math.min(1, cells.length - 1), "pointing at cells changes nothing");
        if (role === "output" && svg.querySelector("[data-role=input] [data-cells]")) {
          const read = [...svg.querySelectorAll("[data-role=input] rect[data-row]")].filter(cell => {
            cell.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
            return svg.querySelector(".reader");
          });
          expect(read.length > 0, "pointing at a cell of the input marks no output that reads it");
          box.dispatchEvent(new PointerEvent("pointerleave"));
          expect(!svg.querySelector(".reader"), "a mark stays when the pointer has gone");
        }
        const slide = box.parentElement.querySelector(".bar [type=range]");
        if (!slide) continue;
        type(slide, slide.max);
        const last = svg.getAttribute("aria-label");
        type(slide, 0);
        expect(svg.getAttribute("aria-label") !== last || slide.max === "0", "the slider changes nothing");
        box.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
        box.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
        expect(+slide.value > 0 || slide.max === "0" || role === "input", "the arrow keys change nothing");
      }
    },

    /** The answer of a prediction is right, nonsense is not. */
    predictions: async () => {
      for (const box of all(".prediction[data-answer]")) {
        const form = box.querySelector("form"), said = form.querySelector("span");
        for (const [reply, verdict] of [["a purple cow", "wrong"], [box.dataset.answer, "right"]]) {
          form.querySelector("input").value = reply;
          form.requestSubmit();
          await until(() => said.className === verdict, `“${reply}” is not ${verdict}: ${said.textContent}`);
        }
        expect(box.querySelector("details").open, "a right answer does not open the reason");
      }
    },

    /** A lesson takes the reader's numbers, refuses bad ones, and can go back. */
    numbers: async () => {
      const form = one("form[data-lesson]");
      if (!form) return;
      const steps = one("#steps"), field = form.querySelector("input");
      const shown = () => [...steps.querySelectorAll("svg, td, .claims")].map(part => part.textContent).join();
      const own = shown();
      type(field, +field.value + 1);
      await until(() => shown() !== own, "own numbers change nothing");
      expect(location.hash.includes(field.name), "the link does not hold the numbers");
      type(field, 99999999);
      await until(() => errorIn(steps), "a number out of range is not refused");
      expect(field.value === "99999999", "what was typed is lost");
      form.reset();
      await until(() => shown() === own, "a lesson does not go back to its own numbers");
    },

    /** The figure of a lesson is asked for with other numbers. */
    change: async () => {
      const box = one(".change");
      if (!box) return;
      box.open = true;
      await until(() => box.querySelector(".trace svg"), "no figure to change: " + box.textContent);
      const figure = box.querySelector(".trace").textContent;
      type(box.querySelector("[name=padding]"), 1 + +box.querySelector("[name=padding]").value);
      await until(() => errorIn(box) || box.querySelector(".trace")?.textContent !== figure, "sliders of a figure change nothing");
      type(box.querySelector("[name=input]"), "1,2/x");
      await until(() => errorIn(box).includes("x"), "bad numbers of a figure are not refused");
      expect(box.querySelector("[name=input]").value === "1,2/x", "what was typed is lost");
      expect(box.querySelector("a").hash.includes("input=1,2/x"), "the link to the laboratory is an old one");
    },

    laboratory: async () => {
      const maps = one("#maps"), stride = one("#case [name=stride]"), input = one("#case [name=input]");
      await until(() => maps.querySelector("svg"), "the laboratory shows no figure: " + maps.textContent);
      type(stride, 2);
      await until(() => one("#command").textContent.includes("--stride 2"), "a slider changes nothing");
      for (const text of ["1,2/3", "<b>1</b>", "0x0", "1,2,,3", "a\u{1F980}", "1 2 3\n4 5 6", "9".repeat(5000)]) {
        type(input, text);
        await until(() => errorIn(maps), "bad numbers are not refused: " + text);
        const said = errorIn(maps);
        type(input, "5x5");
        await until(() => maps.querySelector("svg"), "the laboratory stays behind a refusal: " + said);
      }
      expect(location.hash.includes("stride=2"), "the link does not hold the case: " + location.hash);
      location.hash = "#conv&input=4x4&swim=3";
      await until(() => stride.value === "1" && input.value === "4x4", "another link in the same page leaves old numbers");
      expect(one(".refusal").textContent.includes("swim=3"), "what no field takes is not told");
      location.hash = "#size&operation=conv&input=56&kernel=1&stride=2&padding=0";
      const size = one("#size-form .place");
      await until(() => size.querySelector("b")?.textContent === "28", "a link to a size is not followed: " + size.textContent);
      type(one("#size-form [name=kernel]"), "");
      await until(() => errorIn(size).includes("kernel"), "an empty field is not told: " + size.textContent);
    },

    /** A network of the reader's own text has a table and a drawing. */
    network: async () => {
      const form = one("#network-form"), text = form.elements.text;
      await until(() => form.querySelector("table") && form.querySelector("svg.network"), "no network: " + errorIn(form));
      type(text, "conv 8 k3; conv 4 k99");
      await until(() => errorIn(form), "an impossible network is not refused");
      type(text, "cnv 8 k3");
      await until(() => errorIn(form).includes("conv"), "a misspelt network is not refused: " + errorIn(form));
      type(text, "fcn8s");
      type(form.elements.input, "500x500");
      await until(() => form.textContent.includes("score_pool3"), "a network is not known by its name: " + errorIn(form));
      expect(location.hash.startsWith("#network&"), "the link does not hold the network");
    },

    /** What is drawn is labelled, by all networks and between them. */
    draw: async () => {
      const paper = one("#paper"), canvases = all("canvas.labels"), mixed = one("#mixed"), blend = one("#blend");
      const done = () => +(document.body.dataset.labelled ?? 0);
      const copy = new OffscreenCanvas(128, 128).getContext("2d", { willReadFrequently: true });
      const colors = canvas => {
        copy.clearRect(0, 0, 128, 128);
        copy.drawImage(canvas, 0, 0);
        return new Set(new Uint32Array(copy.getImageData(0, 0, 128, 128).data.buffer)).size;
      };
      await until(() => done() > 0, "nothing is labelled: " + one("#said").textContent);
      one("#clear").click();
      const box = paper.getBoundingClientRect(), before = done();
      const point = (kind, x, y) => new PointerEvent(kind, { bubbles: true, pointerId: 1,
        clientX: box.left + x * box.width, clientY: box.top + y * box.height });
      paper.setPointerCapture = () => {};
      one("[name=shape]").value = "disc";
      paper.dispatchEvent(point("pointerdown", .5, .5));
      paper.dispatchEvent(point("pointermove", .8, .5));
      dispatchEvent(point("pointerup", .8, .5));
      await until(() => done() > before && canvases.every(canvas => colors(canvas) > 1), "a disc is not labelled");
      const ends = [];
      for (const part of [0, 500, 1000, 1500, 2000]) {
        mixed.getContext("2d").clearRect(0, 0, 128, 128);
        type(blend, part);
        await until(() => colors(mixed) > 1, "nothing between the networks at " + part);
        ends.push(mixed.toDataURL());
      }
      for (const [part, network] of [[0, 0], [2, 1], [4, 2]])
        expect(ends[part] === canvases[network].toDataURL(), "the slider does not end at network " + network);
      const count = done();
      paper.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      paper.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
      await until(() => done() > count, "keys draw nothing");
    },

    /** A trap of the module, a real one, is survived: the next one answers, and nothing typed is lost. */
    traps: async () => {
      const swift = await book.start(), trap = () => swift.room(-1);
      const fails = count => {
        const next = book.start;
        book.start = async () => { if (--count < 1) book.start = next; return { ...swift, answer: trap }; };
      };
      fails(1);
      book.running = null;
      const field = one("#case [name=input]");
      type(field, "3x3");
      await until(() => one("#command").textContent.includes("1,2,3/4,5,6"), "one trap is not survived");
      fails(2);
      book.running = null;
      type(field, "4x4");
      await until(() => errorIn(one("#maps")).includes("too large"), "two traps have no sentence");
      expect(field.value === "4x4", "a trap loses what was typed");
      type(field, "2x3");
      await until(() => one("#maps svg") || one("#maps .error:not(:empty)")?.textContent.includes("fit"), "no module after traps");
    },

    /** The worker stops while it labels: another one does it. */
    workerTraps: async () => {
      const done = () => +(document.body.dataset.labelled ?? 0);
      await until(() => done() > 0, "nothing is labelled");
      const post = Worker.prototype.postMessage, before = done(), picture = () => one("#paper").toDataURL();
      let posted = 0;
      Worker.prototype.postMessage = function (data) {
        // So many bytes are no number that the module can take.
        post.call(this, data.pixels && posted++ === 0 ? { ...data, pixels: { length: 4e9 } } : data);
      };
      one("#scene").click();
      const drawn = picture();
      await until(() => done() > before, "the picture is not labelled after a trap: " + one("#said").textContent);
      expect(posted > 1, "no other worker was asked");
      expect(picture() === drawn, "the picture is lost");
    },

    quiz: async () => {
      const question = one("#question"), field = one("#reply input"), verdict = one("#verdict");
      await until(() => question.textContent, "no question");
      for (const reply of ["", "no idea", "123456"]) {
        field.value = reply;
        verdict.textContent = "";
        one("#reply").requestSubmit();
        await until(() => verdict.textContent, "no verdict");
      }
      await until(() => one("#working").textContent, "no working");
      const asked = question.textContent;
      one("#next").click();
      await until(() => question.textContent !== asked, "no next question");
    },

    search: async () => {
      const field = one(".search input"), list = one(".results");
      type(field, "dilation");
      await until(() => list.querySelector("a"), "nothing is found");
      type(field, "zzqx");
      await until(() => list.textContent === "nothing found", "nonsense is found");
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
      expect(!list.children.length && !field.value, "Escape does not end the search");
    },

    /** Text stands out from what is behind it, 4.5 to 1, as the accessibility guidelines ask. */
    contrast: () => {
      const numbers = color => color.match(/[\d.]+/g).map(Number);
      const light = color => {
        const [r, g, b] = numbers(color).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
      };
      const behind = element => {
        for (let at = element; at; at = at.parentElement) {
          const color = getComputedStyle(at).backgroundColor, parts = numbers(color);
          if (parts.length < 4 || parts[3] === 1) return color;
        }
        return "rgb(255, 255, 255)";
      };
      const seen = new Set();
      for (const element of all("main *, header *")) {
        if (element.closest("svg") || !element.checkVisibility()) continue;
        if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
        const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        if (ratio < 4.5) seen.add(`${element.tagName}.${element.className} has ${ratio.toFixed(1)} to 1`);
      }
      faults.push(...seen);
    },

    /** A broken link gives a sentence, and the page is usable. */
    brokenLink: async () => {
      await until(() => errorIn(document), "a broken link has no sentence");
      await until(() => one("#maps svg, #steps svg, #maps .error"), "nothing but a sentence is shown");
      if (!one("#maps")) return;
      const fields = { input: "4x4", stride: 1, padding: 0, kernel: 3, weight: "" };
      for (const [name, value] of Object.entries(fields)) type(one(`#case [name=${name}]`), value);
      await until(() => one("#maps svg"), "the page is not usable after a broken link: " + errorIn(document));
    },

    /** What lacks is said in a sentence. */
    lack: async () => {
      const place = one("#maps");
      await until(() => errorIn(place).includes("this browser"), "what the browser lacks is not said: " + place.textContent);
    },
  };

  return async (...names) => {
    for (const name of names) {
      try { await actions[name](); } catch (problem) { faults.push(`${name}: ${problem.stack}`); }
    }
    return faults.splice(0);
  };
})();
