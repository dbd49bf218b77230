/* When the computer may have slept, the server is asked for the time left until it has told it: the network may wake
   later than the page. */

import { pauseAfter } from "./pauses.js";

export class Doubt {
  #clock;
  #finish;
  #server;
  #failures = 0;
  #isAsking = false;
  #timer = null;

  constructor({ clock, finish, server }) {
    this.#clock = clock;
    this.#finish = finish;
    this.#server = server;
    clock.addEventListener("doubt", () => {
      this.#failures = 0;
      this.#ask();
    });
    for (const type of ["online", "focus"]) {
      addEventListener(type, () => this.#ask());
    }
  }

  async #ask() {
    clearTimeout(this.#timer);
    if (this.#isAsking || !this.#clock.isInDoubt) {
      return;
    }
    this.#isAsking = true;
    const outcome = await this.#server.ask();
    this.#isAsking = false;
    if (outcome.kind === "open") {
      this.#clock.sync(outcome.remaining_seconds);
    } else if (outcome.kind === "closed") {
      this.#finish.leave(outcome.url);
    } else {
      this.#failures += 1;
      this.#timer = setTimeout(() => this.#ask(), pauseAfter(this.#failures));
    }
  }
}
