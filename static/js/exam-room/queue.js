/* Answers on their way to the server.

   Each is in the browser's storage before it is sent, and leaves it only when the server has acknowledged it or has said
   that it can never take it. Answers to one question go in the order they were given. What another tab has left there is
   sent from here too: that tab may be closed, and a key that arrives twice counts once. That the exam is closed condemns
   no answer: it may have arrived before without our knowing, so each is sent until the server has said it of that one.

   Events: "change" after anything; "acknowledged" {entry, receipt}, "stale" {entry, state}, "refused" {entry, error},
   "elsewhere" {answer} given in another tab; once the exam is closed, after anything, "closed" {url, lost: positions
   whose answers came too late, isSettled: whether that is known of all}. */

import { newKey } from "../new-key.js";
import { pauseAfter } from "./pauses.js";

const LANES = 3;
const PREFIX = "exam-answer";

export class AnswerQueue extends EventTarget {
  #post;
  #prefix;
  #entries = new Map();
  #flying = new Set();
  #failures = 0;
  #timer = null;
  /* Where the closed exam is looked at. */
  #resultUrl = null;
  #lost = new Set();

  /* Why answers do not get through: "unreachable", "failed", "signed-out" or "stranger". */
  trouble = null;
  /* False where the browser keeps nothing, so that a closed tab would lose what waits. */
  isKept = true;

  constructor({ attempt, post }) {
    super();
    this.#post = post;
    this.#prefix = `${PREFIX}:${attempt}:`;
    for (const entry of this.#stored()) {
      this.#entries.set(entry.key, entry);
    }
  }

  /* Positions of the questions whose answers wait, in order. */
  get waiting() {
    return inOrder([...this.#entries.values()].map((entry) => entry.position));
  }

  get isEmpty() {
    return this.#entries.size === 0;
  }

  get isSending() {
    return this.#flying.size > 0;
  }

  /* True once the server has said that the exam takes no more answers. */
  get isClosed() {
    return this.#resultUrl !== null;
  }

  /* The newest answer that waits for a question. */
  newest(position) {
    return [...this.#entries.values()].findLast((entry) => entry.position === position);
  }

  start() {
    addEventListener("online", () => this.tryNow());
    addEventListener("focus", () => this.tryNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.tryNow());
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(this.#prefix) && newValue !== null) {
        this.#tell("elsewhere", { answer: JSON.parse(newValue) });
      }
    });
    this.tryNow();
  }

  add(answer) {
    if (this.isClosed) {
      return;
    }
    const entry = { key: newKey(), ...answer };
    this.#keep(entry);
    this.#entries.set(entry.key, entry);
    this.tryNow();
  }

  tryNow() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#takeOver();
    this.#pump();
    this.#changed();
  }

  /* The exam takes no more answers. */
  close(resultUrl) {
    this.#resultUrl = resultUrl;
    this.tryNow();
  }

  /* Resolves when nothing waits any more, or after so many milliseconds; true when nothing waits. */
  drained(milliseconds) {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.removeEventListener("change", look);
        resolve(this.isEmpty);
      };
      const look = () => this.isEmpty && settle();
      const timer = setTimeout(settle, milliseconds);
      this.addEventListener("change", look);
      this.#takeOver();
      this.#pump();
      look();
    });
  }

  #pump() {
    // After a failure one answer goes first; the others follow once it got through.
    const lanes = this.trouble ? 1 : LANES;
    for (const entry of this.#entries.values()) {
      if (this.#timer !== null || this.#flying.size >= lanes) {
        return;
      }
      if (!this.#flying.has(entry.position)) {
        this.#fly(entry);
      }
    }
  }

  async #fly(entry) {
    this.#flying.add(entry.position);
    const outcome = await this.#post(entry);
    this.#flying.delete(entry.position);
    this.#settle(entry, outcome);
    this.#pump();
    this.#changed();
  }

  #settle(entry, { kind, ...content }) {
    if (kind === "acknowledged" && !acknowledges(content, entry)) {
      this.#retryLater("failed");
    } else if (kind === "acknowledged") {
      this.#gotThrough(entry);
      this.#tell("acknowledged", { entry, receipt: content });
    } else if (kind === "stale") {
      // The question has moved on elsewhere: what this page still holds for it was chosen without knowing that.
      for (const other of [...this.#entries.values()].filter(({ position }) => position === entry.position)) {
        this.#gotThrough(other);
      }
      this.#tell("stale", { entry, state: content });
    } else if (kind === "refused") {
      this.#gotThrough(entry);
      this.#tell("refused", { entry, error: content.error });
    } else if (kind === "closed") {
      this.#gotThrough(entry);
      this.#lost.add(entry.position);
      this.#resultUrl = content.url;
      this.#takeOver();
    } else {
      this.#retryLater(kind);
    }
  }

  #gotThrough(entry) {
    this.#entries.delete(entry.key);
    this.#forget(entry);
    this.#failures = 0;
    this.trouble = null;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #retryLater(trouble) {
    this.trouble = trouble;
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.tryNow(), pauseAfter(this.#failures));
  }

  #changed() {
    this.#tell("change");
    if (this.isClosed) {
      this.#tell("closed", { url: this.#resultUrl, lost: inOrder(this.#lost), isSettled: this.isEmpty });
    }
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /* One item of storage per answer, so that two tabs do not overwrite each other's. */

  #takeOver() {
    for (const entry of this.#stored()) {
      if (!this.#entries.has(entry.key)) {
        this.#entries.set(entry.key, entry);
        this.#tell("elsewhere", { answer: entry });
      }
    }
  }

  #keep({ key, ...answer }) {
    try {
      localStorage.setItem(this.#prefix + key, JSON.stringify(answer));
    } catch {
      this.isKept = false;
    }
  }

  #forget({ key }) {
    try {
      localStorage.removeItem(this.#prefix + key);
    } catch {
      this.isKept = false;
    }
  }

  #stored() {
    try {
      return storedAnswers(this.#prefix).sort((a, b) => a.position - b.position || a.sequence - b.sequence);
    } catch {
      this.isKept = false;
      return [];
    }
  }
}

function storedAnswers(prefix) {
  const answers = [];
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith(prefix))) {
    try {
      answers.push({ key: name.slice(prefix.length), ...JSON.parse(localStorage.getItem(name)) });
    } catch {
      // Not written by this page, so there is nothing in it to send.
      localStorage.removeItem(name);
    }
  }
  return answers;
}

function inOrder(positions) {
  return [...new Set(positions)].sort((a, b) => a - b);
}

function acknowledges(receipt, entry) {
  return receipt.sequence === entry.sequence && receipt.label === entry.label && receipt.is_flagged === entry.is_flagged;
}
