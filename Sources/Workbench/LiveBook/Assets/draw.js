// Draws on a small canvas; in a worker three networks of the book, run by its own Swift, label the picture.
"use strict";

/** The worker: it holds the module and the networks, and answers with labels. It runs from its own text. */
const segmenter = () => {
  let swift, ready;
  // First the room or the answer: making it may move the memory.
  const give = bytes => { const room = swift.room(bytes.length); new Uint8Array(swift.memory.buffer, room, bytes.length).set(bytes); };
  const labels = (network, part, count) => { const place = swift.labels(network, part); return new Uint8Array(swift.memory.buffer, place, count).slice(); };
  const begin = async ({ compiled, networks }) => {
    swift = (await WebAssembly.instantiate(compiled, {})).exports;
    for (const { layers, numbers } of networks) {
      give(new TextEncoder().encode(layers));
      swift.takeLayers();
      give(numbers);
      if (!swift.takeNumbers()) postMessage({ error: "a network of the page is damaged" });
    }
  };
  const answer = async data => {
    if (data.compiled) ready = begin(data);
    await ready;
    const count = data.rows * data.rows;
    if (data.pixels) for (let network = 0; network < 3; network++) {
      const start = performance.now();
      give(data.pixels);
      if (!swift.segment(network, data.rows)) return postMessage({ error: "this picture can't be labelled" });
      postMessage({ network, labels: labels(network, 0, count), time: performance.now() - start, turn: data.turn });
    }
    if (data.part !== undefined) postMessage({ mixed: labels(Math.min(1, Math.floor(data.part / 1000)),
      data.part >= 2000 ? 1000 : data.part % 1000, count) });
  };
  onmessage = ({ data }) => answer(data).catch(problem => postMessage({ trap: problem.message }));
};

addEventListener("DOMContentLoaded", async () => {
  const [paper, mixed, tools, blend, said] = ["paper", "mixed", "tools", "blend", "said"].map(id => document.getElementById(id));
  const maps = [...document.querySelectorAll("canvas.labels")], size = paper.width;
  const brush = paper.getContext("2d", { willReadFrequently: true });
  const fail = sentence => { said.hidden = false; said.textContent = sentence; };
  let worker, start, traps = 0, turn = 0, busy = false, waiting = false;

  const show = (canvas, labels) => {
    const image = new ImageData(size, size);
    labels.forEach((label, pixel) => image.data.set([...book.colors[label], 255], 4 * pixel));
    canvas.getContext("2d").putImageData(image, 0, 0);
  };
  const mix = () => {
    document.getElementById("mix").textContent = ["FCN-32s", "between FCN-32s and FCN-16s", "FCN-16s",
      "between FCN-16s and FCN-8s", "FCN-8s"][Math.floor(blend.value / 1000) * 2 + (blend.value % 1000 ? 1 : 0)];
    if (!busy) worker?.postMessage({ part: +blend.value, rows: size });
  };
  /** Sends the picture, unless one is being labelled: then the latest goes when that is done. */
  const label = () => {
    if (!worker || busy) { waiting = true; return; }
    [busy, waiting] = [true, false];
    const { data } = brush.getImageData(0, 0, size, size);
    const pixels = new Uint8Array(3 * size * size).map((_, index) => data[4 * Math.floor(index / 3) + index % 3]);
    worker.postMessage({ pixels, rows: size, turn: ++turn });
  };
  const answered = ({ data }) => {
    if (data.trap && ++traps < 3) return start();
    if (data.error ?? data.trap) {
      [busy, traps] = [false, 0];
      return fail(data.error ?? "the networks stopped: " + data.trap);
    }
    if (data.mixed) return show(mixed, data.mixed);
    show(maps[data.network], data.labels);
    document.querySelectorAll(".time")[data.network].textContent = ` ${Math.round(data.time)} ms`;
    if (data.network < 2) return;
    said.hidden = true;
    [busy, traps] = [false, 0];
    if (waiting) label(); else { mix(); document.body.dataset.labelled = data.turn; }
  };

  // Shapes as the scenes have them: edges hard, a little noise.
  const hues = { red: [196, 92, 72], blue: [72, 108, 196], green: [88, 168, 84] };
  const kinds = { disc: "red", ring: "red", square: "blue", cross: "blue", triangle: "green" };
  const path = (shape, x, y, r) => {
    const line = new Path2D(), stroke = Math.max(2, .13 * r);
    const around = 2 * Math.PI, hole = Math.max(0, r - 2 * stroke);
    if (shape === "disc" || shape === "ring") line.arc(x, y, r, 0, around);
    if (shape === "ring") { line.moveTo(x + hole, y); line.arc(x, y, hole, 0, around, true); }
    if (shape === "square") line.rect(x - .8 * r, y - .8 * r, 1.6 * r, 1.6 * r);
    if (shape === "triangle") { line.moveTo(x, y - r); line.lineTo(x + .87 * r, y + r / 2); line.lineTo(x - .87 * r, y + r / 2); line.closePath(); }
    if (shape === "cross") { line.rect(x - stroke, y - r, 2 * stroke, 2 * r); line.rect(x - r, y - stroke, 2 * r, 2 * stroke); }
    return line;
  };
  let shapes = [];
  const draw = () => {
    brush.fillStyle = "rgb(125 127 123)";
    brush.fillRect(0, 0, size, size);
    for (const { shape, color, x, y, r } of shapes) {
      brush.fillStyle = `rgb(${hues[color] ?? hues[kinds[shape]]})`;
      brush.fill(path(shape, x, y, r));
    }
    label();
  };
  const random = () => {
    shapes = Array.from({ length: 3 }, (_, index) => ({ shape: Object.keys(kinds)[(index * 2 + Math.floor(Math.random() * 5)) % 5],
      x: 28 + (index % 2) * 66 + Math.random() * 8, y: 30 + Math.floor(index / 2) * 60 + Math.random() * 10, r: 18 + Math.random() * 10 }));
    draw();
  };

  const point = event => {
    const box = paper.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * size, (event.clientY - box.top) / box.height * size];
  };
  let held = null;
  paper.addEventListener("pointerdown", event => {
    const [x, y] = point(event);
    held = { shape: tools.elements.shape.value, color: tools.elements.color.value, x, y, r: 22 };
    shapes.push(held);
    paper.setPointerCapture(event.pointerId);
    draw();
  });
  paper.addEventListener("pointermove", event => {
    if (!held) return;
    const [x, y] = point(event), r = Math.hypot(x - held.x, y - held.y);
    if (r > 6) { held.r = Math.min(r, 64); draw(); }
  });
  addEventListener("pointerup", () => { held = null; });
  paper.addEventListener("keydown", event => {
    const moves = { ArrowLeft: [-4, 0], ArrowRight: [4, 0], ArrowUp: [0, -4], ArrowDown: [0, 4] }, last = shapes.at(-1);
    if (event.key === "Enter") shapes.push({ shape: tools.elements.shape.value, color: tools.elements.color.value, x: 64, y: 64, r: 22 });
    else if (event.key === "Backspace") shapes.pop();
    else if (moves[event.key] && last) { last.x += moves[event.key][0]; last.y += moves[event.key][1]; }
    else return;
    event.preventDefault();
    draw();
  });
  document.getElementById("scene").onclick = random;
  document.getElementById("clear").onclick = () => { shapes = []; draw(); };
  blend.addEventListener("input", mix);

  random();
  try {
    await Promise.all([book.load("module.js"), book.load("scenes.js")]);
    document.getElementById("legend").append(...book.classes.map((name, index) => {
      const swatch = book.make("canvas", { class: "swatch", width: 1, height: 1 });
      const ink = swatch.getContext("2d");
      ink.fillStyle = `rgb(${book.colors[index]})`;
      ink.fillRect(0, 0, 1, 1);
      return book.make("span", {}, swatch, name + "  ");
    }));
    const compiled = await book.compile();
    const program = URL.createObjectURL(new Blob([`(${segmenter})()`], { type: "text/javascript" }));
    const networks = book.networks.map(({ layers, numbers }) => ({ layers, numbers: book.bytes(numbers) }));
    /** Starts the worker, anew after a trap, with the picture as it is. */
    start = () => {
      worker?.terminate();
      worker = new Worker(program);
      worker.onmessage = answered;
      worker.onerror = () => fail("the networks stopped; load the page again");
      worker.postMessage({ compiled, networks, rows: size });
      busy = false;
      label();
    };
    start();
  } catch (problem) { fail(problem.message); }
});
