// The laboratory: fields make a request of the form `conv&input=5x5&kernel=3`, which is also the link.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("case");
  const [maps, report] = ["maps", "report"].map(id => document.getElementById(id));
  const [size, command] = ["size", "command"].map(id => document.getElementById(id));
  const fields = [...form.querySelectorAll("[name]")];
  const named = name => fields.find(field => field.name === name);

  /** Only the fields that mean something for the operation are shown. */
  const arrange = () => {
    const operation = named("operation").value;
    for (const field of fields) {
      const uses = field.closest("label").dataset.uses;
      field.closest("label").hidden = uses !== undefined && !uses.split(" ").includes(operation);
      const shown = field.parentElement.querySelector(".value");
      if (shown) shown.textContent = field.value;
    }
    // Numbers that were typed have their size.
    named("kernel").disabled = operation.startsWith("conv") && named("weight").value.trim() !== "";
    for (const option of named("form").options) option.disabled = operation === "conv" && option.value === "zero-insertion";
  };

  const request = () => {
    const used = fields.filter(field => field.name !== "operation" && !field.disabled && !field.closest("label").hidden);
    const values = used.map(field => [field.name, field.type === "checkbox" ? (field.checked ? "1" : "0") : field.value.trim()]);
    return book.query(named("operation").value, Object.fromEntries(values));
  };

  let asked = 0;
  const update = async () => {
    arrange();
    const query = request(), turn = ++asked;
    const answer = await book.ask("trace " + query);
    if (turn !== asked) return;
    book.show(maps, answer);
    size.textContent = answer.size ?? "";
    command.textContent = answer.command ?? "";
    report.innerHTML = answer.report ?? "";
  };

  /** Fills the fields from a link, if it is one to a case of them. */
  const fill = () => {
    const { first, values } = book.state();
    const isOperation = [...named("operation").options].some(option => option.value === first);
    const isAsked = document.querySelector(`form[data-ask="${CSS.escape(first)}"]`);
    book.fill(form, isAsked ? new Map() : values, maps);
    if (isOperation) named("operation").value = first;
    else if (first && !isAsked) book.refuse(maps, first + ", which is no operation of this page");
  };

  fill();
  update();
  addEventListener("hashchange", () => { fill(); update(); });
  form.addEventListener("input", () => { update(); book.remember(request()); });

  // Sizes, solutions and networks: the link of each begins with the word that asks for it.
  for (const small of document.querySelectorAll("form[data-ask]")) {
    const place = small.querySelector(".place");
    let asked = 0;
    const ask = async event => {
      const { operation = "", ...rest } = Object.fromEntries(new FormData(small)), turn = ++asked;
      if (event) book.remember(book.query(small.dataset.ask, { operation, ...rest }));
      const answer = await book.ask(small.dataset.ask + " " + book.query(operation || small.dataset.ask, rest));
      if (turn !== asked) return;
      book.show(place, answer.report === undefined ? answer
        : { html: `<p>output size <b>${answer.size}</b></p>` + answer.report });
      if (!answer.drawing) return;
      const drawing = book.make("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "drawing of the network" });
      drawing.innerHTML = answer.drawing;
      place.prepend(drawing);
    };
    small.addEventListener("input", ask);
    small.addEventListener("submit", ask);
    const fill = () => {
      const { first, values } = book.state(), isMine = first === small.dataset.ask;
      book.fill(small, isMine ? values : new Map(), place);
      ask().then(() => { if (isMine) small.scrollIntoView(); });
    };
    fill();
    addEventListener("hashchange", fill);
  }
});
