/* Counts seconds while it runs, on a clock that setting the computer's time cannot move. */

export class Stopwatch {
  #since = null;
  #counted = 0;

  run() {
    this.#since ??= performance.now();
  }

  stop() {
    this.#counted += this.#running;
    this.#since = null;
  }

  add(seconds) {
    this.#counted += seconds;
  }

  /* Whole seconds, never below zero. */
  get seconds() {
    return Math.max(0, Math.round(this.#counted + this.#running));
  }

  get #running() {
    return this.#since === null ? 0 : (performance.now() - this.#since) / 1000;
  }
}
