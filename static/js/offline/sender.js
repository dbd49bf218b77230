/* Sends what waits. An answer leaves the browser's store only when the server has said what became of it.

   Events: "change" after anything; "refused" {error} for an answer that can never be counted; "stranger" when somebody
   else is signed in. */

import { sendAnswers } from "./server.js";
import { forgetAnswer, forgetEverything, waitingAnswers } from "./store.js";

const BATCH = 20;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

export class Sender extends EventTarget {
  #isRunning = false;
  /* Asked to send while sending: there may be an answer that the last look did not see. */
  #isAskedAgain = false;
  #failures = 0;
  #timer = null;

  waiting = 0;
  /* Why answers do not get through: "unreachable", "failed" or "signed-out". */
  trouble = null;

  start() {
    addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
    return this.send();
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
    const answers = await waitingAnswers();
    this.waiting = answers.length;
    this.#tell("change");
    if (answers.length === 0) {
      return false;
    }
    const { kind, results } = await sendAnswers(answers.slice(0, BATCH));
    if (kind === "stranger") {
      await forgetEverything();
      this.waiting = 0;
      this.#tell("stranger");
      return false;
    }
    const settled = answers.filter(({ source }) => source in results);
    if (kind !== "done" || settled.length === 0) {
      this.#retryLater(kind === "done" ? "failed" : kind);
      return false;
    }
    for (const { source } of settled) {
      await forgetAnswer(source);
      if (results[source]) {
        this.#tell("refused", { error: results[source] });
      }
    }
    this.trouble = null;
    this.#failures = 0;
    return true;
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
