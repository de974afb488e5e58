// How fast a page is: gives a name and a time in milliseconds for each thing that it measures.
"use strict";

window.measured = async () => {
  const times = {};
  const until = async test => { while (!test()) await new Promise(done => setTimeout(done, 5)); };
  const type = (field, value) => { field.value = value; field.dispatchEvent(new Event("input", { bubbles: true })); };
  const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
  await until(paint);
  times["first paint"] = paint().startTime;
  // The scripts run before the event ends, and with them its figures are live.
  times.live = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;

  if (document.getElementById("case")) {
    const maps = document.getElementById("maps");
    await until(() => window.firstFigure);
    times["first figure from the module"] = window.firstFigure;
    type(document.querySelector("#case [name=input]"), "14x14");
    await until(() => maps.querySelectorAll("[data-role=output] rect[data-row]").length === 144);
    const svg = maps.querySelector("svg"), cells = [...svg.querySelectorAll("[data-role=output] rect[data-row]")];
    const hovers = cells.map(cell => {
      const start = performance.now();
      cell.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
      svg.getBBox();
      return performance.now() - start;
    });
    times["hover at 12×12, in the mean"] = hovers.reduce((a, b) => a + b) / hovers.length;
    times["hover at 12×12, the slowest"] = Math.max(...hovers);
    const start = performance.now();
    await book.ask("trace conv&input=14x14&kernel=3");
    times["a case of 12×12 computed and drawn as text"] = performance.now() - start;
  }

  if (document.getElementById("paper")) {
    const done = () => +(document.body.dataset.labelled ?? 0);
    await until(() => done() > 0);
    times["first labels of all three networks"] = performance.now();
    const all = [], last = [];
    for (let round = 0; round < 5; round++) {
      const before = done(), start = performance.now();
      document.getElementById("scene").click();
      await until(() => done() > before);
      all.push(performance.now() - start);
      last.push(parseFloat(document.querySelectorAll(".time")[2].textContent));
    }
    const middle = list => list.sort((a, b) => a - b)[2];
    times["draw to labels, FCN-8s alone, the median of 5"] = middle(last);
    times["draw to labels, all three, the median of 5"] = middle(all);
  }
  return times;
};
