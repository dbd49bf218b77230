/* The end of the exam: asked for by the person, or because the time is over. The form is sent once nothing waits. */

import { forgetMarks } from "./marks.js";
import { answers } from "./status.js";

const LOOK_AGAIN = 2_000;
// By so many seconds the clock of the page may be ahead of the server's.
const AHEAD = 5;

export class Finish {
  #attempt;
  #dialog;
  #form;
  #queue;
  #server;
  #sheet;
  #isTimeOver = false;
  /* Nothing leads back into the room. */
  #isFinal = false;
  #isRunning = false;
  #isCancelled = false;

  /* True while the page is left on purpose. */
  isLeaving = false;

  constructor({ attempt, dialog, queue, server, sheet }) {
    this.#attempt = attempt;
    this.#dialog = dialog;
    this.#form = dialog.querySelector("form");
    this.#queue = queue;
    this.#server = server;
    this.#sheet = sheet;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#handIn();
    });
    this.#part("cancel").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      this.#isCancelled = true;
      if (this.#isFinal) {
        dialog.showModal();
      }
    });
    queue.addEventListener("closed", ({ detail }) => this.#closed(detail));
  }

  ask() {
    const unanswered = this.#sheet.unanswered.length;
    const flagged = this.#sheet.flagged.length;
    this.#part("title").textContent = "End the exam?";
    this.#part("text").textContent = [
      unanswered ? `${questions(unanswered)} unanswered and will count as wrong.` : "Every question is answered.",
      flagged ? `${questions(flagged)} flagged.` : "No question is flagged.",
    ].join(" ");
    this.#part("warning").hidden = false;
    this.#say("");
    this.#part("submit").disabled = false;
    this.#dialog.showModal();
  }

  timeIsOver() {
    this.#isTimeOver = true;
    this.#showFinal("Time is over", "The exam ends now, with the answers you have given.");
    this.#handIn();
  }

  /* The exam was closed elsewhere. */
  leave(url) {
    this.#closed({ url, lost: this.#queue.waiting });
  }

  async #handIn() {
    this.#isCancelled = false;
    if (this.#isRunning) {
      return;
    }
    this.#isRunning = true;
    this.#part("submit").disabled = true;
    this.#say("Sending your last answers.");
    while (!(await this.#isReady())) {
      if (this.#isCancelled && !this.#isTimeOver) {
        this.#isRunning = false;
        return;
      }
    }
    if (!this.isLeaving) {
      this.#send();
    }
  }

  /* Whether everything has arrived and the server is there to take the form; the page is not left before that. */
  async #isReady() {
    if (!(await this.#queue.drained(LOOK_AGAIN))) {
      this.#say(this.#whyNot(`${answers(this.#queue.waiting.length)} could not be sent yet.`));
      return false;
    }
    if (this.isLeaving) {
      return true;
    }
    const outcome = await this.#server.ask();
    if (outcome.kind === "closed") {
      this.leave(outcome.url);
      return true;
    }
    if (outcome.kind === "open") {
      if (this.#isTimeOver && outcome.remaining_seconds > AHEAD) {
        this.#goOn();
      }
      return !this.#isCancelled || this.#isTimeOver;
    }
    this.#say(this.#whyNot("The exam could not be handed in yet.", outcome.kind));
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    return false;
  }

  #whyNot(what, trouble = this.#queue.trouble) {
    if (trouble === "signed-out" || trouble === "stranger") {
      return `${what} Sign in again in another tab; we keep trying here.`;
    }
    return this.#isTimeOver
      ? `${what} We keep trying. What was saved before is safe, and the exam closes by itself.`
      : `${what} We keep trying while time remains.`;
  }

  /* More time was given since the page was last told. Nothing waits any more, so a new page has all there is. */
  #goOn() {
    this.isLeaving = true;
    location.reload();
  }

  #send() {
    this.isLeaving = true;
    forgetMarks(this.#attempt);
    // The page may be older than the last sign-in, and its token with it.
    this.#form.elements.csrfmiddlewaretoken.value = this.#server.token;
    this.#form.elements.times.value = this.#sheet.times;
    this.#form.submit();
  }

  #closed({ url, lost }) {
    if (this.isLeaving) {
      return;
    }
    this.isLeaving = true;
    forgetMarks(this.#attempt);
    if (lost.length === 0) {
      location.assign(url);
      return;
    }
    this.#showFinal(
      "The exam is closed",
      `${answers(lost.length)} did not reach us before the end and cannot be counted: ` +
        `${lost.length === 1 ? "question" : "questions"} ${lost.join(", ")}. Everything saved before counts.`,
    );
    this.#say("");
    const link = this.#part("result");
    link.href = url;
    link.hidden = false;
    link.focus();
  }

  #showFinal(title, text) {
    this.#isFinal = true;
    this.#sheet.close();
    this.#part("title").textContent = title;
    this.#part("text").textContent = text;
    for (const name of ["warning", "cancel", "submit"]) {
      this.#part(name).hidden = true;
    }
    document.querySelectorAll("dialog[open]").forEach((other) => other === this.#dialog || other.close());
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
  }

  #say(text) {
    this.#part("progress").textContent = text;
  }

  #part(name) {
    return this.#dialog.querySelector(`[data-finish="${name}"]`);
  }
}

function questions(count) {
  return count === 1 ? "1 question is" : `${count} questions are`;
}
