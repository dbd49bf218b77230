/* Strikes on a question outside of the exam room, until it is answered. In practice it is replaced without a new page, so
   whatever stands in its place begins anew; without a connection the next one stands in the same form, and says so by
   "question-asked". What was struck out is kept by the name of the question until the tab closes. */

import { Marks } from "./marks.js";
import { PlainQuestion } from "./plain-question.js";
import { Strikes } from "./strikes.js";

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const marks = new Marks("question", () => sessionStorage);
let question = null;
let strikes = null;

function begin() {
  const form = document.querySelector("[data-question]");
  ask(false);
  question = form && new PlainQuestion(form, form.dataset.question);
  strikes = question && new Strikes({ questions: [question], marks, template: part("strike") });
  strikes?.draw();
}

/* By key: the option in focus, or the one named by the next key. */

function ask(isAsking, words = "") {
  part("hint").hidden = !isAsking;
  part("announcement").textContent = isAsking ? part("hint").textContent : words;
}

const isAsking = () => !part("hint").hidden;

document.addEventListener("question-key", (event) => {
  const { key, place } = event.detail;
  if (!question?.element.checkVisibility() || !(key === "s" || (isAsking() && place >= 0))) {
    return;
  }
  event.preventDefault();
  const struck = key === "s" ? strikes.focused(question) : place;
  ask(struck < 0, struck < 0 ? "" : strikes.toggle(question, struck));
});

/* Any other key, or a press elsewhere, calls it off. */
document.addEventListener("keydown", ({ key }) => {
  if (isAsking() && !["s", "shift"].includes(key.toLowerCase())) {
    ask(false);
  }
});
document.addEventListener("pointerdown", () => {
  if (isAsking()) {
    ask(false);
  }
});

document.addEventListener("change", () => strikes?.draw());
document.addEventListener("htmx:afterSwap", () => {
  if (document.querySelector("[data-question]") !== question?.element) {
    begin();
  }
});
document.addEventListener("question-asked", begin);
begin();
