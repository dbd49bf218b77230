/* Where a stem fills the whole screen: that the options stand below it, until one has been in sight. Nothing waits for
   it: a real test center asks a person to scroll before the next question, and here the same is only told. */

export class MoreBelow {
  #hint;
  #bar;
  #observer = null;
  #seen = new Set();

  constructor({ hint, bar }) {
    this.#hint = hint;
    this.#bar = bar;
  }

  /* null while no question is open. */
  watch(question) {
    this.#observer?.disconnect();
    this.#hint.hidden = true;
    if (question === null || this.#seen.has(question)) {
      return;
    }
    // What has gone by above was in sight; what is behind the bar is not, nor is a mere edge over it.
    const margin = `99999px 0px -${this.#bar.offsetHeight + 24}px 0px`;
    this.#observer = new IntersectionObserver((entries) => this.#look(question, entries.at(-1)), { rootMargin: margin });
    this.#observer.observe(question.radios[0].closest(".option"));
  }

  #look(question, { isIntersecting }) {
    this.#hint.hidden = isIntersecting;
    if (isIntersecting) {
      this.#seen.add(question);
      this.#observer.disconnect();
    }
  }
}
