/* Says how saving stands, and never more than is true. What changes with every answer is shown only; what a person has
   to know, because answers do not get through or do so again, is also read aloud, once. */

export class ConnectionStatus {
  #line;
  #text;
  #signIn;
  #announce;
  #queue;
  #sheet;
  #spoken = "";
  /* What the browser says about the network; it may be wrong, so it changes words and nothing else. */
  #isOffline = false;

  constructor({ line, signIn, announce, queue, sheet }) {
    this.#line = line;
    this.#text = line.querySelector("span");
    this.#signIn = signIn;
    this.#announce = announce;
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
    const state = trouble ? "waiting" : this.#queue.isEmpty ? this.#stateOfRest() : "saving";
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
    const words = {
      idle: "Nothing to save yet",
      saving: "Saving",
      saved: "Saved",
      offline: "Offline. Answers will wait here",
      closed: "The exam is closed",
    };
    if (state in words) {
      return words[state];
    }
    const keep = this.#queue.isKept ? "" : ". Keep this tab open";
    return `Not saved yet: ${answers(this.#queue.waiting.length)} waiting, trying again${keep}`;
  }

  #speak(state) {
    const spoken = state === "saving" ? this.#spoken : state;
    // That the exam is closed, a dialog says, and which answers came too late.
    if (spoken === this.#spoken || spoken === "closed") {
      return;
    }
    if (spoken === "waiting") {
      this.#announce("Your answers are not being saved at the moment. They are kept here, and we keep trying.");
    } else if (spoken === "offline") {
      this.#announce("You are offline. Your answers will be kept here and sent when the connection is back.");
    } else if (this.#spoken === "waiting") {
      this.#announce("All answers are saved again.");
    } else if (this.#spoken === "offline") {
      this.#announce("You are online again.");
    }
    this.#spoken = spoken;
  }
}

export function answers(count) {
  return count === 1 ? "1 answer" : `${count} answers`;
}
