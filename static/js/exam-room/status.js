/* Says how saving stands, and never more than is true. What changes with every answer is shown only; what a person has
   to know, because answers do not get through or do so again, is also read aloud, once. */

// The same where the browser keeps nothing.
const LOOSE = { waiting: "waiting in the tab", offline: "offline in the tab" };
const BEGINNINGS = {
  waiting: "Your answers are not being saved at the moment. They are kept here, and we keep trying.",
  "waiting in the tab": "Your answers are not being saved at the moment. Keep this tab open; we keep trying.",
  offline: "You are offline. Your answers will be kept here and sent when the connection is back.",
  "offline in the tab": "You are offline. Keep this tab open; your answers are sent when the connection is back.",
};
const ALL_SAVED = "All answers are saved again.";
const ENDINGS = {
  waiting: ALL_SAVED,
  "waiting in the tab": ALL_SAVED,
  offline: "You are online again.",
  "offline in the tab": "You are online again.",
};

export class ConnectionStatus {
  #line;
  #text;
  #signIn;
  #announce;
  #notes;
  #queue;
  #sheet;
  #spoken = "";
  /* What the browser says about the network; it may be wrong, so it changes words and nothing else. */
  #isOffline = false;

  constructor({ line, signIn, announce, notes, queue, sheet }) {
    this.#line = line;
    this.#text = line.querySelector("span");
    this.#signIn = signIn;
    this.#announce = announce;
    this.#notes = notes;
    this.#queue = queue;
    this.#sheet = sheet;
    queue.addEventListener("change", () => this.draw());
    for (const type of ["offline", "online"]) {
      addEventListener(type, () => {
        this.#isOffline = type === "offline";
        this.draw();
      });
    }
  }

  draw() {
    const trouble = this.#queue.trouble;
    const isResting = this.#queue.isEmpty || this.#queue.isClosed;
    const state = isResting ? this.#stateOfRest() : trouble ? "waiting" : "saving";
    this.#line.dataset.state = state;
    this.#text.textContent = this.#words(state);
    this.#signIn.hidden = trouble !== "signed-out" && trouble !== "stranger";
    this.#signIn.querySelector("[data-why]").textContent =
      trouble === "stranger" ? "You are signed in as somebody else." : "You are signed out.";
    this.#speak(state);
  }

  #stateOfRest() {
    if (this.#queue.isClosed) {
      return "closed";
    }
    if (this.#isOffline) {
      return "offline";
    }
    return this.#sheet.questions.some(({ sequence }) => sequence > 0) ? "saved" : "idle";
  }

  #words(state) {
    const keep = this.#queue.isKept ? "" : ". Keep this tab open";
    const words = {
      idle: "Nothing to save yet",
      saving: "Saving",
      saved: "Saved",
      offline: `Offline. Answers will wait here${keep}`,
      closed: "The exam is closed",
    };
    if (state in words) {
      return words[state];
    }
    return `Not saved yet: ${answers(this.#queue.waiting.length)} waiting, trying again${keep}`;
  }

  #speak(state) {
    const isLoose = state in LOOSE && !this.#queue.isKept;
    const spoken = state === "saving" ? this.#spoken : isLoose ? LOOSE[state] : state;
    // That the exam is closed, a dialog says, and which answers came too late.
    if (spoken === this.#spoken || spoken === "closed") {
      return;
    }
    const sentence = BEGINNINGS[spoken] ?? ENDINGS[this.#spoken];
    if (sentence) {
      // Not where an answer turned out not to count.
      this.#announce(sentence === ALL_SAVED ? this.#notes.text || sentence : sentence);
    }
    this.#spoken = spoken;
  }
}

export function answers(count) {
  return count === 1 ? "1 answer" : `${count} answers`;
}
