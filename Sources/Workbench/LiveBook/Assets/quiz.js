// The quiz: the book makes the questions and judges; here they are shown and counted.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const [topics, question, reply, verdict, working, score] =
    ["topics", "question", "reply", "verdict", "working", "score"].map(id => document.getElementById(id));
  const topic = topics.elements.topic, field = reply.querySelector("input");
  let [right, asked, open, at] = [0, 0, true, {}];

  /** The question that the address says, else one by chance. */
  const read = () => {
    const { first, values } = book.state();
    topic.value = [...topic.options].some(option => option.value === first) ? first : "all";
    at = { seed: values.get("seed") ?? 1 + Math.floor(Math.random() * 999999), number: values.get("number") ?? 1 };
  };

  const ask = async () => {
    open = true;
    book.remember(book.query(topic.value, at));
    const answer = await book.ask("quiz " + book.query(topic.value, at));
    question.textContent = answer.error ?? answer.question;
    verdict.textContent = field.value = "";
    working.replaceChildren();
    field.focus();
  };
  reply.onsubmit = async () => {
    if (!open) return next();
    const answer = await book.ask("quiz " + book.query(topic.value, { ...at, reply: field.value || "?" }));
    verdict.className = answer.right ? "right" : "wrong";
    verdict.textContent = answer.error ?? answer.verdict;
    if (!answer.isNumber) return;
    [open, asked, right] = [false, asked + 1, right + (answer.right ? 1 : 0)];
    book.show(working, answer);
    score.textContent = `${right} of ${asked}`;
  };
  const next = () => { at.number = +at.number + 1; ask(); };
  document.getElementById("next").onclick = next;
  topic.onchange = () => { at.number = 1; ask(); };
  addEventListener("hashchange", () => { read(); ask(); });
  read();
  ask();
});
