/* On the page before the clock starts: one question to try the screen on. Nothing of it is kept or sent. */

import { Highlighter } from "./highlighter.js";
import { PlainQuestion } from "./plain-question.js";
import { Strikes } from "./strikes.js";

class Forgetful {
  #marks = { struck: [], lit: [] };

  of() {
    return this.#marks;
  }

  change(position, change) {
    this.#marks = { ...this.#marks, ...change };
  }
}

const element = document.querySelector("[data-part=try-out]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const marks = new Forgetful();
const question = new PlainQuestion(element, 1);

function announce(text) {
  part("announcement").textContent = text;
}

const strikes = new Strikes({ questions: [question], marks, template: part("strike") });
const highlighter = new Highlighter({ marks, button: part("highlight"), dialog: part("highlights"), announce });
strikes.draw();
highlighter.open(question);
element.addEventListener("change", () => strikes.draw());
part("flag").addEventListener("click", ({ currentTarget }) => {
  currentTarget.setAttribute("aria-pressed", String(currentTarget.getAttribute("aria-pressed") !== "true"));
});
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
