// The quiz: the book makes the questions and judges; here they are shown and counted.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const [topics, question, reply, verdict, working, score] =
    ["topics", "question", "reply", "verdict", "working", "score"].map(id => document.getElementById(id));
  const topic = topics.elements.topic, field = reply.querySelector("input");
  const { first, values } = book.state();
  if ([...topic.options].some(option => option.value === first)) topic.value = first;
  const at = { seed: +values.get("seed") || 1 + Math.floor(Math.random() * 999999), number: +values.get("number") || 1 };
  let [right, asked, open] = [0, 0, true];

  const ask = async () => {
    open = true;
    book.remember(book.query(topic.value, at));
    const answer = await book.ask("quiz " + book.query(topic.value, at));
    question.textContent = answer.error ?? answer.question;
    verdict.textContent = field.value = "";
    working.replaceChildren();
    field.focus();
  };
  reply.onsubmit = async event => {
    event.preventDefault();
    if (!open) return next();
    const answer = await book.ask("quiz " + book.query(topic.value, { ...at, reply: field.value || "?" }));
    verdict.className = answer.right ? "right" : "wrong";
    verdict.textContent = answer.error ?? answer.verdict;
    if (!answer.isNumber) return;
    [open, asked, right] = [false, asked + 1, right + (answer.right ? 1 : 0)];
    book.show(working, answer);
    score.textContent = `${right} of ${asked}`;
  };
  const next = () => { at.number += 1; ask(); };
  document.getElementById("next").onclick = next;
  topic.onchange = () => { at.number = 1; ask(); };
  topics.onsubmit = event => event.preventDefault();
  ask();
});
