/* Sends what waits. An answer leaves the browser's store only when the server has said what became of it, and that stays
   there until the person has closed it. Answers of somebody who is not signed in wait for them.

   Events: "change" after anything; "stranger" {person} when somebody else is signed in. */

import { sendAnswers } from "./server.js";
import { forgetAnswer, forgetPerson, forgetRefusals, keepRefusal, refusalsOf, waitingAnswers } from "./store.js";

const BATCH = 20;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

export class Sender extends EventTarget {
  #isRunning = false;
  /* Asked to send while sending: there may be an answer that the last look did not see. */
  #isAskedAgain = false;
  #failures = 0;
  #timer = null;
  #isForOne;
  /* Those the server said are not signed in. */
  #strangers = new Set();

  /* Whose `waiting` and `refused` are. */
  person;
  /* How many answers; null before the first look. */
  waiting = null;
  /* Their answers that could not be counted. */
  refused = [];
  /* Why answers do not get through: "unreachable", "failed" or "signed-out". */
  trouble = null;

  /* For a person, or without one for everybody whose answers wait: the server knows who is signed in. */
  constructor(person = null) {
    super();
    this.person = person;
    this.#isForOne = person !== null;
  }

  start() {
    addEventListener("online", () => this.#sendAnew());
    document.addEventListener("visibilitychange", () => document.hidden || this.#sendAnew());
    return this.send();
  }

  belongTo(person) {
    this.person = person;
    this.#strangers.delete(person);
  }

  /* Somebody else is signed in. */
  async leave(person) {
    await forgetPerson(person);
    if (this.person === person) {
      this.person = null;
      this.waiting = 0;
      this.refused = [];
    }
    this.#tell("stranger", { person });
  }

  async closeRefused() {
    const closed = this.refused;
    this.refused = [];
    this.#tell("change");
    await forgetRefusals(closed);
  }

  /* Resolves when nothing waits or nothing gets through. */
  async send() {
    clearTimeout(this.#timer);
    this.#isAskedAgain = true;
    if (this.#isRunning) {
      return;
    }
    this.#isRunning = true;
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        while (await this.#sendSome());
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /* True when there may be more to send. */
  async #sendSome() {
    const waiting = await waitingAnswers();
    this.waiting = waiting.filter(({ candidate }) => candidate === this.person).length;
    this.refused = await refusalsOf(this.person);
    this.#tell("change");
    const owner = this.#next(waiting);
    if (owner === undefined) {
      return false;
    }
    const answers = waiting.filter(({ candidate }) => candidate === owner).slice(0, BATCH);
    const { kind, results } = await sendAnswers(answers, owner);
    if (kind === "stranger") {
      this.#strangers.add(owner);
      await this.leave(owner);
      return true;
    }
    const settled = answers.filter(({ source }) => source in results);
    if (kind !== "done" || settled.length === 0) {
      this.#retryLater(kind === "done" ? "failed" : kind);
      return false;
    }
    for (const answer of settled) {
      if (results[answer.source]) {
        await keepRefusal(answer, results[answer.source]);
      }
      await forgetAnswer(answer.source);
    }
    if (this.person && this.person !== owner) {
      await this.leave(this.person);
    }
    this.person = owner;
    this.trouble = null;
    this.#failures = 0;
    return true;
  }

  /* Whose answers to send: this person's first. */
  #next(waiting) {
    const owners = waiting.map(({ candidate }) => candidate).filter((owner) => !this.#strangers.has(owner));
    return owners.find((owner) => owner === this.person) ?? (this.#isForOne ? undefined : owners[0]);
  }

  /* Somebody may have signed in meanwhile. */
  #sendAnew() {
    this.#strangers.clear();
    return this.send();
  }

  #retryLater(trouble) {
    this.trouble = trouble;
    this.#failures += 1;
    const pause = Math.min(FIRST_PAUSE * 2 ** (this.#failures - 1), LONGEST_PAUSE);
    this.#timer = setTimeout(() => this.send(), pause * (0.75 + Math.random() / 2));
    this.#tell("change");
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
