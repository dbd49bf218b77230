/* The answer sheet: what is chosen and flagged for each question, on the page and in one place.

   Events: "change" after anything; "choose" {question} when the person chose or flagged, which has to be saved. */

import { Stopwatch } from "./stopwatch.js";

class Question {
  #saved;
  /* On screen since the last answer to this question; the server adds them up. */
  #watch = new Stopwatch();
  #isClosed = false;

  constructor(element) {
    const { position, sequence, flagged } = element.dataset;
    this.element = element;
    this.position = Number(position);
    this.sequence = Number(sequence);
    this.isFlagged = flagged !== undefined;
    this.radios = [...element.querySelectorAll("input[type=radio]")];
    this.label = this.radios.find((radio) => radio.defaultChecked)?.value ?? "";
    this.#saved = { sequence: this.sequence, label: this.label, is_flagged: this.isFlagged };
    this.#draw();
  }

  get isAnswered() {
    return this.label !== "";
  }

  /* The letter that stands beside the chosen option. */
  get letter() {
    const chosen = this.radios.find((radio) => radio.checked);
    return chosen?.closest(".option").querySelector(".option-letter").textContent ?? "";
  }

  show() {
    this.element.hidden = false;
    this.time();
  }

  hide() {
    this.element.hidden = true;
    this.time();
  }

  /* Counts while somebody can see the question. */
  time() {
    if (this.element.hidden || this.#isClosed || document.hidden) {
      this.#watch.stop();
    } else {
      this.#watch.run();
    }
  }

  get seconds() {
    return this.#watch.seconds;
  }

  addSeconds(seconds) {
    this.#watch.add(seconds);
  }

  set({ sequence, label, is_flagged }) {
    this.sequence = Math.max(this.sequence, sequence);
    this.label = label;
    this.isFlagged = is_flagged;
    this.#draw();
  }

  /* What the server has. */
  acknowledge({ sequence, label, is_flagged }) {
    if (sequence >= this.#saved.sequence) {
      this.#saved = { sequence, label, is_flagged };
    }
  }

  goBackToSaved() {
    this.set(this.#saved);
  }

  /* The next answer to this question, as the server reads it. */
  answer(change) {
    this.set({ sequence: this.sequence + 1, label: this.label, is_flagged: this.isFlagged, ...change });
    const { seconds } = this;
    this.#watch.add(-seconds);
    return {
      sequence: this.sequence,
      position: this.position,
      label: this.label,
      is_flagged: this.isFlagged,
      seconds,
    };
  }

  disable() {
    this.#isClosed = true;
    this.time();
    this.element.querySelector("fieldset").disabled = true;
  }

  #draw() {
    for (const radio of this.radios) {
      radio.checked = radio.value === this.label;
    }
    this.element.toggleAttribute("data-flagged", this.isFlagged);
  }
}

export class Sheet extends EventTarget {
  #isClosed = false;

  constructor(room) {
    super();
    // Enter on a radio button sends a form; this one's answers go one by one instead.
    room.querySelector("[data-part=answers]").addEventListener("submit", (event) => event.preventDefault());
    this.questions = [...room.querySelectorAll("[data-position]")].map((element) => new Question(element));
    for (const question of this.questions) {
      question.element.addEventListener("change", (event) => this.#choose(question, { label: event.target.value }));
    }
    document.addEventListener("visibilitychange", () => this.questions.forEach((question) => question.time()));
  }

  at(position) {
    return this.questions[position - 1];
  }

  get count() {
    return this.questions.length;
  }

  get unanswered() {
    return this.questions.filter((question) => !question.isAnswered);
  }

  get flagged() {
    return this.questions.filter((question) => question.isFlagged);
  }

  /* What no answer has taken along yet, as the server reads it: position, sequence of the last answer, seconds. */
  get times() {
    const read = this.questions.filter(({ seconds }) => seconds > 0);
    return read.map(({ position, sequence, seconds }) => `${position}:${sequence}:${seconds}`).join(" ");
  }

  /* The same from before a reload. Who has answered since has sent the time along. */
  addTimes(times) {
    for (const [, position, sequence, seconds] of times.matchAll(/(\d+):(\d+):(\d+)/g)) {
      const question = this.at(position);
      if (question?.sequence === Number(sequence)) {
        question.addSeconds(Number(seconds));
      }
    }
  }

  flag(question) {
    this.#choose(question, { is_flagged: !question.isFlagged });
  }

  close() {
    this.#isClosed = true;
    this.questions.forEach((question) => question.disable());
  }

  changed() {
    this.dispatchEvent(new CustomEvent("change"));
  }

  #choose(question, change) {
    if (this.#isClosed) {
      return;
    }
    this.dispatchEvent(new CustomEvent("choose", { detail: { question, answer: question.answer(change) } }));
    this.changed();
  }
}
