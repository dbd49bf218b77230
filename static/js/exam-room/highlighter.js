/* Highlights in the text of the open question: what is selected, or sentences picked from a list, which needs neither a
   pointer nor a selection. Pressing a highlight, or selecting it again, takes it back. */

import { add, covers, subtract, touches } from "./ranges.js";
import { Stem } from "./stem.js";

export class Highlighter {
  #marks;
  #button;
  #dialog;
  #list;
  #item;
  #announce;
  #position = null;
  #stem = null;
  /* A finger on the button may already have undone the selection when the click comes. */
  #held = null;

  constructor({ marks, button, dialog, announce }) {
    this.#marks = marks;
    this.#button = button;
    this.#dialog = dialog;
    this.#list = dialog.querySelector("[data-list]");
    this.#item = dialog.querySelector("template").content.firstElementChild;
    this.#announce = announce;
    button.addEventListener("pointerdown", () => (this.#held = this.#selected));
    button.addEventListener("click", ({ detail }) => this.#act(detail > 0 ? this.#held : this.#selected));
    document.addEventListener("selectionchange", () => button.toggleAttribute("data-ready", this.#selected !== null));
    document.addEventListener("click", ({ target }) => this.#press(target));
    dialog.querySelector("[data-clear]").addEventListener("click", () => this.#clear());
  }

  /* null while no question is open. */
  open(question) {
    this.#position = question?.position ?? null;
    this.#stem = question ? new Stem(question.element.querySelector("[data-stem]")) : null;
    this.#button.disabled = question === null;
    this.#stem?.draw(this.#lit);
  }

  act() {
    this.#act(this.#selected);
  }

  get #lit() {
    return this.#marks.of(this.#position).lit;
  }

  get #selected() {
    return this.#stem?.selection ?? null;
  }

  #act(range) {
    if (this.#stem === null) {
      return;
    }
    if (range === null) {
      this.#pick();
      return;
    }
    const isLit = covers(this.#lit, range);
    this.#keep(isLit ? subtract(this.#lit, range) : add(this.#lit, range));
    getSelection().removeAllRanges();
    this.#announce(isLit ? "Highlight removed." : "Highlighted.");
  }

  #press(target) {
    const mark = target.closest("mark");
    if (mark && this.#stem?.contains(mark) && getSelection().isCollapsed) {
      const start = this.#stem.offsetOf(mark, 0);
      this.#keep(this.#lit.filter((range) => !covers([range], [start, start + 1])));
      this.#announce("Highlight removed.");
    }
  }

  #keep(lit) {
    this.#marks.change(this.#position, { lit });
    this.#stem.draw(lit);
  }

  #pick() {
    this.#list.replaceChildren(...this.#stem.sentences.map((sentence) => this.#row(sentence)));
    this.#dialog.showModal();
    this.#list.querySelector("input")?.focus();
  }

  #row({ text, range }) {
    const row = this.#item.cloneNode(true);
    const box = row.querySelector("input");
    row.querySelector("span").textContent = text;
    box.checked = covers(this.#lit, range);
    box.indeterminate = !box.checked && touches(this.#lit, range);
    box.addEventListener("change", () => this.#keep(box.checked ? add(this.#lit, range) : subtract(this.#lit, range)));
    return row;
  }

  #clear() {
    this.#keep([]);
    for (const box of this.#list.querySelectorAll("input")) {
      box.checked = box.indeterminate = false;
    }
    this.#announce("All highlights of this question are removed.");
  }
}
