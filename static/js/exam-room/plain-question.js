/* A question whose answer is what its radio buttons say: outside of the exam room, where no sheet keeps it. */

export class PlainQuestion {
  constructor(element, position) {
    this.element = element;
    this.position = position;
    this.radios = [...element.querySelectorAll(".option > input[type=radio]")];
  }

  /* Of the chosen option. */
  get label() {
    return this.radios.find((radio) => radio.checked)?.value ?? "";
  }
}
