/* The time left. It follows what the server says and counts on a clock that setting the computer's time cannot move.

   Events: "announce" {text} at 30, 15, 5 and 1 minutes; "doubt" when the computer may have slept; "over" once, after zero. */

const WARNINGS = [30, 15, 5, 1];
const RETURNS_AT_MINUTES = 5;
// The two clocks of a computer part when it sleeps, or when somebody sets one of them.
const DOUBT_AFTER = 5_000;
// The server tells whole seconds, rounded down: no sooner than a second after zero is the deadline behind.
const AFTER_ZERO = 1_000;

export class Clock extends EventTarget {
  #element;
  #digits;
  #label;
  #button;
  #end = Infinity;
  #shown = null;
  #isOver = false;
  #lastTick = { wall: Date.now(), steady: performance.now() };

  /* True from a doubt until the server has told the time left. */
  isInDoubt = false;

  constructor(element) {
    super();
    this.#element = element;
    this.#digits = element.querySelector("[data-digits]");
    this.#label = element.querySelector("[data-label]");
    this.#button = element.querySelector("button");
  }

  /* An exam without a time limit has no clock. */
  start(remaining) {
    if (remaining === null) {
      this.#element.hidden = true;
      return;
    }
    // The page knows the time left at the moment the server began to answer.
    const [navigation] = performance.getEntriesByType("navigation");
    this.#end = (navigation?.responseStart ?? performance.now()) + remaining * 1000;
    this.#shown = this.remaining;
    this.#button.addEventListener("click", () => this.#hide(!this.#element.hasAttribute("data-hidden")));
    document.addEventListener("visibilitychange", () => document.hidden || this.#tick());
    setInterval(() => this.#tick(), 250);
    this.#draw();
    this.#tick();
  }

  /* Whole seconds, never below zero. */
  get remaining() {
    return Math.max(0, Math.ceil((this.#end - performance.now()) / 1000));
  }

  sync(remaining) {
    if (remaining === null) {
      return;
    }
    this.#end = performance.now() + remaining * 1000;
    this.isInDoubt = false;
    this.#tick();
  }

  #tick() {
    this.#doubtAfterSleep();
    const remaining = this.remaining;
    if (remaining === this.#shown && remaining > 0) {
      return;
    }
    const passed = WARNINGS.findLast((minutes) => this.#shown > minutes * 60 && remaining <= minutes * 60);
    this.#shown = remaining;
    if (passed <= RETURNS_AT_MINUTES) {
      this.#hide(false);
    }
    this.#draw();
    if (passed && remaining > 0) {
      this.#tell("announce", { text: `${passed === 1 ? "1 minute" : `${passed} minutes`} left.` });
    }
    if (performance.now() >= this.#end + AFTER_ZERO && !this.#isOver) {
      this.#isOver = true;
      this.#tell("over");
    }
  }

  #doubtAfterSleep() {
    const now = { wall: Date.now(), steady: performance.now() };
    const drift = now.wall - this.#lastTick.wall - (now.steady - this.#lastTick.steady);
    this.#lastTick = now;
    if (Math.abs(drift) > DOUBT_AFTER) {
      this.isInDoubt = true;
      this.#tell("doubt");
    }
  }

  #draw() {
    const minutes = Math.floor(this.#shown / 60);
    const parts = [Math.floor(minutes / 60), minutes % 60, this.#shown % 60];
    this.#digits.textContent = parts.map((part, place) => String(part).padStart(place ? 2 : 1, "0")).join(":");
    const warning = WARNINGS.findLast((mark) => this.#shown <= mark * 60);
    this.#element.toggleAttribute("data-late", this.#shown <= RETURNS_AT_MINUTES * 60);
    this.#label.textContent = this.#labelFor(warning);
  }

  #labelFor(warning) {
    if (this.#shown === 0) {
      return "Time is over";
    }
    if (!warning) {
      return "Time left";
    }
    return warning === 1 ? "Last minute" : `Last ${warning} minutes`;
  }

  #hide(isHidden) {
    this.#element.toggleAttribute("data-hidden", isHidden);
    this.#button.textContent = isHidden ? "Show clock" : "Hide clock";
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
