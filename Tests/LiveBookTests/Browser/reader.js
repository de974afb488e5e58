// Plays a reader of one page, and leaves in the body what was wrong; `.ci/check-live-book` reads it.
"use strict";

addEventListener("load", async () => {
  const faults = [];
  const expect = (holds, sentence) => { if (!holds) faults.push(sentence); };
  const pause = () => new Promise(done => setTimeout(done, 50));
  try {
    // The page fits, its links lead somewhere, and what a screen reader says is there.
    expect(document.documentElement.scrollWidth <= innerWidth, "the page is wider than the window: "
      + document.documentElement.scrollWidth);
    expect(document.querySelectorAll("h1").length === 1, "one title");
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    expect(new Set(ids).size === ids.length, "an id is twice: " + ids.filter((id, i) => ids.indexOf(id) !== i));
    for (const link of document.querySelectorAll("a[href^='#']"))
      expect(document.getElementById(link.getAttribute("href").slice(1)), "a link to nowhere");
    for (const field of document.querySelectorAll("input, select, textarea, button"))
      expect(field.closest("label") || field.getAttribute("aria-label") || field.textContent.trim(), "a field without a name");
    for (const image of document.querySelectorAll("img")) expect(image.alt, "an image without words");

    // Figures: every cell of the result can be pointed at, and then its own window is shown.
    for (const box of document.querySelectorAll(".live")) {
      const svg = box.querySelector("svg"), role = svg.dataset.turns;
      const cells = [...svg.querySelectorAll(`[data-role=${role}] rect[data-row]`)];
      const seen = new Set();
      for (const cell of cells) {
        cell.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
        const shown = [...svg.querySelectorAll("[data-from]:not([visibility])")].map(part => part.outerHTML);
        if (shown.length) seen.add(shown.join());
      }
      expect(seen.size > Math.min(1, cells.length - 1), "pointing at cells changes nothing");
      box.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
    }

    // Predictions: the answer itself is right, nonsense is not.
    for (const box of document.querySelectorAll(".prediction[data-answer]")) {
      const form = box.querySelector("form"), said = form.querySelector("span");
      for (const [reply, verdict] of [["a purple cow", "wrong"], [box.dataset.answer, "right"]]) {
        form.querySelector("input").value = reply;
        form.requestSubmit();
        for (let turns = 0; turns < 100 && said.className !== verdict; turns++) await pause();
        expect(said.className === verdict, `“${reply}” is not ${verdict}: ${said.textContent}`);
      }
    }

    // The reader's own numbers.
    const own = document.querySelector("form[data-lesson]");
    if (own) {
      const steps = document.getElementById("steps"), before = steps.innerHTML, field = own.querySelector("input");
      field.value = +field.value + 1;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      for (let turns = 0; turns < 100 && steps.innerHTML === before; turns++) await pause();
      expect(steps.innerHTML !== before, "own numbers change nothing");
      expect(location.hash.includes(field.name), "the link does not hold the numbers");
      field.value = 99999999;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      for (let turns = 0; turns < 100 && !steps.querySelector(".error"); turns++) await pause();
      expect(steps.querySelector(".error"), "a number out of range is not refused");
    }

    // The laboratory, and the module's answers to what the native code was asked.
    if (document.getElementById("case")) {
      const maps = document.getElementById("maps");
      const settled = async test => { for (let turns = 0; turns < 200 && !test(); turns++) await pause(); return test(); };
      expect(await settled(() => maps.querySelector("svg")), "the laboratory shows no figure: " + maps.textContent);
      const stride = document.querySelector("[name=stride]");
      stride.value = 2;
      stride.dispatchEvent(new Event("input", { bubbles: true }));
      expect(await settled(() => document.getElementById("command").textContent.includes("--stride 2")), "a slider changes nothing");
      const input = document.querySelector("[name=input]");
      input.value = "1,2/3";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      expect(await settled(() => maps.querySelector(".error")), "bad numbers are not refused");
      let wrong = 0;
      // The largest extent is a smaller one where an Int has 32 bits; sentences name it.
      const plain = answer => JSON.stringify(answer).replaceAll("1000000000", "10000");
      for (const [request, answer] of cases) if (plain(await book.ask(request)) !== plain(JSON.parse(answer))) {
        if (wrong++ < 3) faults.push("another answer than the native one: " + request);
      }
      expect(cases.length >= 500, "too few cases");
      expect(wrong === 0, wrong + " answers differ");
    }
  } catch (problem) { faults.push(problem.stack); }
  document.body.dataset.verdict = faults.length ? faults.join("; ") : "good";
});
