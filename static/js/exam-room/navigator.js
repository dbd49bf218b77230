/* A list of all questions with their states and a filter. The navigator and the review screen each show one. */

const FILTERS = {
  all: { label: "All", has: () => true, none: "" },
  unanswered: { label: "Unanswered", has: (question) => !question.isAnswered, none: "Every question is answered." },
  flagged: { label: "Flagged", has: (question) => question.isFlagged, none: "No question is flagged." },
};

export class Navigator {
  #element;
  #sheet;
  #items;
  #inputs;
  #none;

  constructor({ element, sheet, open }) {
    this.#element = element;
    this.#sheet = sheet;
    this.#none = element.querySelector("[data-none]");
    this.#inputs = [...element.querySelectorAll("[data-filter] input")];
    const template = element.querySelector("template");
    const list = element.querySelector("[data-list]");
    this.#items = sheet.questions.map((question) => {
      const item = template.content.firstElementChild.cloneNode(true);
      item.querySelector("button").addEventListener("click", () => open(question.position));
      item.querySelector("[data-number]").textContent = question.position;
      list.append(item);
      return { question, item, button: item.querySelector("button"), words: item.querySelector("[data-words]") };
    });
    for (const input of this.#inputs) {
      // Never sent, so the browser may not bring an old choice back either.
      input.checked = input.value === "all";
      input.addEventListener("change", () => this.draw());
    }
    sheet.addEventListener("change", () => this.draw());
  }

  current = 0;

  filterBy(name) {
    this.#inputs.find((input) => input.value === name).checked = true;
    this.draw();
  }

  draw() {
    const filter = FILTERS[this.#inputs.find((input) => input.checked).value];
    let shown = 0;
    for (const { question, item, button, words } of this.#items) {
      const isCurrent = question.position === this.current;
      item.hidden = !filter.has(question);
      shown += item.hidden ? 0 : 1;
      button.toggleAttribute("data-answered", question.isAnswered);
      button.toggleAttribute("data-flagged", question.isFlagged);
      button.toggleAttribute("aria-current", isCurrent);
      if (isCurrent) {
        button.setAttribute("aria-current", "true");
      }
      words.textContent = question.isAnswered ? "Answered" : "Unanswered";
    }
    for (const input of this.#inputs) {
      const { has } = FILTERS[input.value];
      input.closest(".chip").querySelector(".chip-count").textContent = this.#sheet.questions.filter(has).length;
    }
    this.#none.textContent = shown ? "" : filter.none;
  }
}
