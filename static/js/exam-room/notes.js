/* What became of answers that do not count, told until the person has understood, or has answered the question again. */

export class Notes {
  #element;
  #sheet;
  #takenOver = new Set();
  #refused = new Map();

  constructor({ element, sheet }) {
    this.#element = element;
    this.#sheet = sheet;
    this.#part("close").addEventListener("click", () => {
      this.#takenOver.clear();
      this.#refused.clear();
      this.#draw();
    });
  }

  get text() {
    return [...this.#takenOverWords(), ...this.#refused.values()].join(" ");
  }

  takenOver(position) {
    this.#takenOver.add(position);
    this.#draw();
  }

  refused(position, error) {
    this.#refused.set(position, `Your last answer to question ${position} was not saved. ${error}`);
    this.#draw();
  }

  forget(position) {
    this.#takenOver.delete(position);
    this.#refused.delete(position);
    this.#draw();
  }

  focus() {
    scrollTo(0, 0);
    this.#part("close").focus({ preventScroll: true });
  }

  #draw() {
    this.#element.hidden = this.#takenOver.size + this.#refused.size === 0;
    this.#part("text").textContent = this.text;
  }

  #takenOverWords() {
    const positions = [...this.#takenOver].sort((a, b) => a - b);
    if (positions.length === 0) {
      return [];
    }
    if (positions.length > 1) {
      return [
        `Questions ${positions.join(", ")} were changed in another tab or on another device. ` +
          "They now show what was chosen there.",
      ];
    }
    const question = this.#sheet.at(positions[0]);
    return [
      `Question ${question.position} was changed in another tab or on another device. It now shows what was chosen ` +
        `there${question.isAnswered ? `: ${question.letter}` : ""}.`,
    ];
  }

  #part(name) {
    return this.#element.querySelector(`[data-part=notes-${name}]`);
  }
}
