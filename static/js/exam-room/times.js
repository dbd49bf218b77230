/* The time on questions that no answer has taken along yet goes with the end of the exam. Until then a reload must not
   lose it: it stays in this tab, as numbers. */

const PREFIX = "exam-times";

export class Times {
  #name;
  #sheet;

  constructor(attempt, sheet) {
    this.#name = `${PREFIX}:${attempt}`;
    this.#sheet = sheet;
  }

  /* Once the sheet knows every answer. */
  start() {
    this.#sheet.addTimes(this.#kept);
    addEventListener("pagehide", () => this.#keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.#keep());
  }

  get #kept() {
    try {
      return sessionStorage.getItem(this.#name) ?? "";
    } catch {
      return "";
    }
  }

  #keep() {
    try {
      sessionStorage.setItem(this.#name, this.#sheet.times);
    } catch {
      return;
    }
  }
}
