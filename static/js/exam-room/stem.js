/* The text of a question with its highlights. They are offsets into the text, whatever its markup: a highlight may begin
   in a paragraph and end in a table. */

// Between the children of these stand line breaks only, where no <mark> may be.
const STRUCTURE = "div, blockquote, ul, ol, table, thead, tbody, tr";
const BLOCKS = "p, li, tr, pre, h2, h3, h4, h5, h6";

export class Stem {
  #element;

  constructor(element) {
    this.#element = element;
  }

  contains(node) {
    return this.#element.contains(node);
  }

  /* Anew from the offsets; nothing moves, because a <mark> takes no room of its own. */
  draw(ranges) {
    for (const mark of this.#element.querySelectorAll("mark")) {
      mark.replaceWith(...mark.childNodes);
    }
    this.#element.normalize();
    let end = 0;
    for (const node of this.#textNodes()) {
      const start = end;
      end += node.length;
      if (node.data.trim() || !node.parentElement.matches(STRUCTURE)) {
        // From the back, so that the node keeps its beginning.
        [...ranges].reverse().forEach(([from, to]) => wrap(node, Math.max(from, start) - start, Math.min(to, end) - start));
      }
    }
  }

  /* What is selected of it, without the spaces around; null where nothing is. */
  get selection() {
    const selection = getSelection();
    const range = selection.rangeCount > 0 && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    if (!range?.intersectsNode(this.#element)) {
      return null;
    }
    const includes = (offset) => range.comparePoint(this.#element, offset) === 0;
    const start = includes(0) ? 0 : this.offsetOf(range.startContainer, range.startOffset);
    const end = includes(this.#element.childNodes.length)
      ? this.#element.textContent.length
      : this.offsetOf(range.endContainer, range.endOffset);
    return this.#trimmed(start, end);
  }

  offsetOf(container, offset) {
    const before = document.createRange();
    before.setStart(this.#element, 0);
    before.setEnd(container, offset);
    return before.toString().length;
  }

  /* {text, range} of each sentence, and of each row of a table. */
  get sentences() {
    const blocks = [...this.#element.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS));
    return blocks.flatMap((block) => {
      const start = this.offsetOf(block, 0);
      if (block.matches("tr")) {
        const range = this.#trimmed(start, start + block.textContent.length);
        return range ? [{ text: [...block.cells].map((cell) => cell.textContent.trim()).join(", "), range }] : [];
      }
      return segments(block.textContent)
        .map(([from, to]) => this.#trimmed(start + from, start + to))
        .filter(Boolean)
        .map((range) => ({ text: this.#element.textContent.slice(...range), range }));
    });
  }

  #trimmed(start, end) {
    const text = this.#element.textContent.slice(start, end);
    const length = text.trim().length;
    const from = start + text.length - text.trimStart().length;
    return length ? [from, from + length] : null;
  }

  #textNodes() {
    const walker = document.createTreeWalker(this.#element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) {
      nodes.push(walker.currentNode);
    }
    return nodes;
  }
}

function wrap(node, start, end) {
  if (start < end) {
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    range.surroundContents(document.createElement("mark"));
  }
}

/* [start, end] of each sentence of a paragraph; a browser that cannot tell them apart has one. */
function segments(text) {
  if (!Intl.Segmenter) {
    return [[0, text.length]];
  }
  // A line break in the source ends no sentence.
  const found = new Intl.Segmenter("en", { granularity: "sentence" }).segment(text.replaceAll("\n", " "));
  return [...found].map(({ index, segment }) => [index, index + segment.length]);
}
