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
      const output = field.parentElement.querySelector("output");
      if (output) output.value = field.value;
    }
  };

  const request = () => {
    const used = fields.filter(field => field.name !== "operation" && !field.closest("label").hidden);
    const values = used.map(field => [field.name, field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim()]);
    return book.query(named("operation").value, Object.fromEntries(values));
  };

  let asked = 0;
  const update = async () => {
    arrange();
    const query = request(), turn = ++asked;
    book.remember(query);
    const answer = await book.ask("trace " + query);
    if (turn !== asked) return;
    book.show(maps, answer);
    size.textContent = answer.size ?? "";
    command.textContent = answer.command ?? "";
    if (!answer.error) report.innerHTML = answer.report;
  };

  /** Fills the fields from a link. */
  const fill = () => {
    const { first, values } = book.state();
    if ([...named("operation").options].some(option => option.value === first)) named("operation").value = first;
    for (const field of fields) {
      if (!values.has(field.name)) continue;
      if (field.type === "checkbox") field.checked = true; else field.value = values.get(field.name);
    }
  };

  fill();
  update();
  addEventListener("hashchange", () => { fill(); update(); });
  form.addEventListener("input", update);
  form.addEventListener("submit", event => event.preventDefault());

  // Sizes and solutions.
  for (const id of ["size-form", "solve-form"]) {
    const small = document.getElementById(id), place = small.querySelector(".place");
    const ask = async () => {
      const { operation, ...rest } = Object.fromEntries(new FormData(small));
      const answer = await book.ask(small.dataset.ask + " " + book.query(operation, rest));
      book.show(place, answer.report === undefined ? answer
        : { html: `<p>output size <b>${answer.size}</b></p>` + answer.report });
    };
    small.addEventListener("input", ask);
    small.addEventListener("submit", event => { event.preventDefault(); ask(); });
    ask();
  }
});
