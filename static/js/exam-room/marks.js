/* What a person strikes out and highlights. It has no effect on the score and is never sent: it stays in this browser
   until the exam closes, elsewhere until the tab does, as labels of options and places in a text, without a word of a
   question. */

const PREFIX = "exam-marks";

export class Marks {
  #prefix;
  #storage;
  /* What the browser does not keep lasts as long as the page. */
  #held = new Map();

  /* storage: asked for only where refusing it does no harm. */
  constructor(attempt, storage = () => localStorage) {
    this.#prefix = `${PREFIX}:${attempt}:`;
    this.#storage = storage;
  }

  /* {struck: labels of options, lit: [start, end] offsets into the text} */
  of(position) {
    if (!this.#held.has(position)) {
      this.#held.set(position, { struck: [], lit: [], ...this.#read(this.#prefix + position) });
    }
    return this.#held.get(position);
  }

  change(position, change) {
    const marks = { ...this.of(position), ...change };
    this.#held.set(position, marks);
    this.#write(this.#prefix + position, marks.struck.length + marks.lit.length > 0 ? JSON.stringify(marks) : null);
  }

  #read(name) {
    try {
      return JSON.parse(this.#storage().getItem(name));
    } catch {
      return null;
    }
  }

  #write(name, text) {
    try {
      if (text === null) {
        this.#storage().removeItem(name);
      } else {
        this.#storage().setItem(name, text);
      }
    } catch {
      return;
    }
  }
}

/* Of an exam that is closed. */
export function forgetMarks(attempt) {
  try {
    Object.keys(localStorage)
      .filter((name) => name.startsWith(`${PREFIX}:${attempt}:`))
      .forEach((name) => localStorage.removeItem(name));
  } catch {
    return;
  }
}
