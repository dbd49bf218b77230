/* Options a person has ruled out. They stay choosable; choosing one takes its strike back, so what is chosen is never
   struck out. */

export class Strikes {
  #marks;
  #options = new Map();

  /* template: the button that strikes an option out. */
  constructor({ questions, marks, template }) {
    this.#marks = marks;
    for (const question of questions) {
      const options = question.radios.map((radio) => this.#option(question, radio, template));
      this.#options.set(question, options);
    }
  }

  /* By the place of the option on the page. Returns what to say about it. */
  toggle(question, place) {
    const { radio, letter } = this.#options.get(question)[place];
    if (question.label === radio.value) {
      return `${letter} is your answer, so it is not struck out.`;
    }
    const struck = this.#struck(question);
    const isStruck = struck.includes(radio.value);
    this.#keep(question, isStruck ? struck.filter((label) => label !== radio.value) : [...struck, radio.value]);
    return isStruck ? `Option ${letter} is back.` : `Option ${letter} is struck out.`;
  }

  /* The place of the option that has the focus, unless it is the chosen one; -1 without. */
  focused(question) {
    return this.#options
      .get(question)
      .findIndex(
        ({ radio, button }) => [radio, button].includes(document.activeElement) && question.label !== radio.value,
      );
  }

  draw() {
    for (const question of this.#options.keys()) {
      if (this.#struck(question).includes(question.label)) {
        this.#keep(
          question,
          this.#struck(question).filter((label) => label !== question.label),
        );
      } else {
        this.#draw(question);
      }
    }
  }

  #struck(question) {
    return this.#marks.of(question.position).struck;
  }

  #keep(question, struck) {
    this.#marks.change(question.position, { struck });
    this.#draw(question);
  }

  #option(question, radio, template) {
    const element = radio.closest(".option");
    const letter = element.querySelector(".option-letter").textContent;
    const button = template.content.firstElementChild.cloneNode(true);
    button.setAttribute("aria-label", `Strike out option ${letter}`);
    // Behind all options, so that Tab finds them first; the stylesheet sets each button on its option.
    element.parentElement.append(button);
    // Read with the option itself, for whoever cannot see the line through it.
    const word = document.createElement("span");
    word.className = "visually-hidden";
    word.textContent = " (struck out)";
    const option = { element, radio, letter, button, word };
    button.addEventListener("click", () => this.toggle(question, question.radios.indexOf(radio)));
    return option;
  }

  #draw(question) {
    const struck = this.#struck(question);
    for (const { element, radio, button, word } of this.#options.get(question)) {
      const isStruck = struck.includes(radio.value);
      element.classList.toggle("option-struck", isStruck);
      button.setAttribute("aria-pressed", String(isStruck));
      button.hidden = radio.value === question.label;
      if (isStruck) {
        element.querySelector(".option-text").append(word);
      } else {
        word.remove();
      }
    }
  }
}
