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
  #notes;
  #queue;
  #server;
  #sheet;
  #isTimeOver = false;
  /* Nothing leads back into the room. */
  #isFinal = false;
  #isRunning = false;
  #isCancelled = false;
  /* What became of answers while nothing led back into the room, not read yet. */
  #news = "";

  /* True while the page is left on purpose. */
  isLeaving = false;

  constructor({ attempt, dialog, notes, queue, server, sheet }) {
    this.#attempt = attempt;
    this.#dialog = dialog;
    this.#form = dialog.querySelector("form");
    this.#notes = notes;
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
      if (this.#isFinal && !dialog.open) {
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
    this.#queue.close(url);
  }

  /* Nobody hands in, or is led to the result, unaware of an answer that does not count. */
  heed() {
    if (this.#isFinal) {
      this.#news = this.#notes.text;
    } else if (this.#dialog.open) {
      this.#isCancelled = true;
      this.#dialog.close();
      this.#notes.focus();
    }
  }

  async #handIn() {
    this.#isCancelled = false;
    if (this.#isRunning) {
      return;
    }
    this.#isRunning = true;
    this.#part("submit").disabled = true;
    this.#say("Sending your last answers.");
    let isReady = false;
    while (!isReady && !this.#isCalledOff) {
      isReady = await this.#isReady();
    }
    this.#isRunning = false;
    if (isReady && this.#news) {
      this.#tellBeforeResult();
    } else if (isReady) {
      this.#send();
    }
  }

  get #isCalledOff() {
    return this.isLeaving || this.#queue.isClosed || (this.#isCancelled && !this.#isTimeOver);
  }

  /* Whether everything has arrived and the server is there to take the form; the page is not left before that. */
  async #isReady() {
    const isDrained = await this.#queue.drained(LOOK_AGAIN);
    if (this.#isCalledOff) {
      return false;
    }
    if (!isDrained) {
      this.#say(this.#whyNot(`${answers(this.#queue.waiting.length)} could not be sent yet.`));
      return false;
    }
    const outcome = await this.#server.ask();
    if (outcome.kind === "closed") {
      this.leave(outcome.url);
      return false;
    }
    if (outcome.kind === "open") {
      if (this.#isTimeOver && outcome.remaining_seconds > AHEAD) {
        this.#goOn();
      }
      return !this.#isCalledOff;
    }
    this.#say(this.#whyNot("The exam could not be handed in yet.", outcome.kind));
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    return false;
  }

  #whyNot(what, trouble = this.#queue.trouble) {
    if (trouble === "signed-out" || trouble === "stranger") {
      return `${what} Sign in again in another tab; we keep trying here.`;
    }
    if (this.#queue.isClosed) {
      return `${what} We keep trying.`;
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

  #tellBeforeResult() {
    this.#say(this.#news);
    this.#news = "";
    const button = this.#part("submit");
    button.textContent = "See the result";
    button.hidden = false;
    button.disabled = false;
    button.focus();
  }

  #send() {
    this.isLeaving = true;
    forgetMarks(this.#attempt);
    // The page may be older than the last sign-in, and its token with it.
    this.#form.elements.csrfmiddlewaretoken.value = this.#server.token;
    this.#form.elements.times.value = this.#sheet.times;
    this.#form.submit();
  }

  /* As often as more is known. */
  #closed({ url, lost, isSettled }) {
    if (this.isLeaving) {
      return;
    }
    forgetMarks(this.#attempt);
    if (isSettled && lost.length === 0 && !this.#news) {
      this.isLeaving = true;
      location.assign(url);
      return;
    }
    this.#say(isSettled ? [this.#news, late(lost)].join(" ").trim() : this.#whatIsAsked);
    this.#showFinal("The exam is closed", "It takes no more answers.");
    const link = this.#part("result");
    link.href = url;
    if (link.hidden) {
      link.hidden = false;
      link.focus();
    }
  }

  get #whatIsAsked() {
    const count = this.#queue.waiting.length;
    const what = `We are asking whether your last ${count === 1 ? "answer" : answers(count)} arrived before the end.`;
    return this.#queue.trouble ? this.#whyNot(`${what} That did not work yet.`) : what;
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

function late(positions) {
  if (positions.length === 0) {
    return "";
  }
  return (
    `${answers(positions.length)} did not reach us before the end and cannot be counted: ` +
    `${positions.length === 1 ? "question" : "questions"} ${positions.join(", ")}. Everything saved before counts.`
  );
}
