/* One question taken along: asked, checked and explained on the page.

   Events: "answer" {answer, isRight} after the check; "next"; "stop". */

const LETTERS = "ABCD";
const MOST_SECONDS = 1800;
const KINDS = { new: "New", review: "Review", again: "Once more", ahead: "Ahead", practice: "Practice" };

export class QuestionCard extends EventTarget {
  #element;
  #question;
  #form;
  #shownAt = 0;

  constructor(element) {
    super();
    this.#element = element;
    this.#form = this.#part("form");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    this.#part("next").addEventListener("click", () => this.#tell("next"));
    for (const stop of element.querySelectorAll("[data-stop]")) {
      stop.addEventListener("click", () => this.#tell("stop"));
    }
  }

  ask(question, { number, count }) {
    this.#question = question;
    this.#shownAt = performance.now();
    const { competency, objective } = question;
    this.#part("competency").className = `competency hue-${competency.code.toLowerCase()}`;
    this.#part("competency-code").textContent = competency.code;
    this.#part("competency-name").textContent = competency.name;
    this.#part("kind").textContent = KINDS[question.kind] ?? "";
    this.#part("number").textContent = `Question ${number}`;
    this.#part("of").textContent = `of ${count}`;
    this.#part("progress").max = count;
    this.#part("progress").value = number - 1;
    this.#part("stem").innerHTML = question.stem;
    this.#part("options").replaceChildren(...question.options.map((option, place) => this.#row(option, place)));
    this.#part("objective").className = `sources-objective hue-${competency.code.toLowerCase()}`;
    this.#part("objective-code").textContent = objective.code;
    this.#part("objective-link").textContent = objective.text;
    this.#part("objective-link").href = objective.href;
    this.#form.reset();
    this.#say("");
    this.#showResult(false);
    // For js/exam-room/plain-strikes.js, which keeps what is struck out by this name.
    this.#form.dataset.question = question.source;
    document.dispatchEvent(new Event("question-asked"));
    this.#focus("heading");
  }

  #check() {
    const { label, confidence = "" } = Object.fromEntries(new FormData(this.#form));
    if (!label) {
      this.#say("Choose an option, then check it.");
      this.#part("options").querySelector("input").focus();
      return;
    }
    const { source, ticket, key, options } = this.#question;
    const seconds = Math.round((performance.now() - this.#shownAt) / 1000);
    const answer = {
      source,
      ticket,
      label,
      confidence,
      seconds: seconds <= MOST_SECONDS ? seconds : 0,
      answered_at: new Date().toISOString(),
    };
    const isRight = label === key;
    const letter = LETTERS[options.findIndex((option) => option.label === key)];
    this.#element.querySelector("[data-verdict=right]").hidden = !isRight;
    this.#element.querySelector("[data-verdict=wrong]").hidden = isRight;
    this.#part("key").textContent = `Not this time: ${letter} is the key`;
    this.#part("results").replaceChildren(...options.map((option, place) => this.#result(option, place, label)));
    this.#part("progress").value += 1;
    this.#showResult(true);
    this.#focus(isRight ? "right" : "wrong");
    this.#tell("answer", { answer, isRight });
  }

  #showResult(isShown) {
    this.#form.hidden = isShown;
    this.#part("result").hidden = !isShown;
    // The key for "next" presses this button, wherever it is.
    this.#part("next").disabled = !isShown;
    if (isShown) {
      this.#part("options").replaceChildren();
    }
  }

  #row(option, place) {
    const row = clone("option-row");
    row.querySelector("input").value = option.label;
    return filled(row, option, place);
  }

  #result(option, place, chosen) {
    const isKey = option.label === this.#question.key;
    const state = { true: isKey ? "key-chosen" : "chosen", false: isKey ? "key" : "plain" }[option.label === chosen];
    const row = filled(clone(`result-${state}`), option, place);
    row.querySelector(".option-rationale").innerHTML = option.rationale;
    return row;
  }

  #say(text) {
    this.#part("error").hidden = text === "";
    this.#part("error-text").textContent = text;
  }

  #focus(name) {
    this.#part(name).focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #part(name) {
    return this.#element.querySelector(`[data-question-part="${name}"]`);
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function clone(name) {
  return document.getElementById(name).content.firstElementChild.cloneNode(true);
}

function filled(row, option, place) {
  row.querySelector(".option-letter").textContent = LETTERS[place];
  row.querySelector(".option-text").innerHTML = option.text;
  return row;
}
