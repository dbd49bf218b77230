/* Single keys. They act only in the room itself, never in a dialog or while a text field has the focus, and they can
   be switched off (WCAG 2.1.4). */

const PREFERENCE = "exam-keys";

export class Keys {
  #actions;
  #isOn = read() !== "off";
  #asked = null;

  /* actions: {letter: function}; choices 1 to 4 and A to D call actions.choose(place from 0). */
  constructor({ toggle, actions }) {
    this.#actions = actions;
    toggle.checked = this.#isOn;
    toggle.addEventListener("change", () => {
      this.#isOn = toggle.checked;
      write(this.#isOn ? "on" : "off");
    });
    document.addEventListener("keydown", (event) => this.#press(event));
    document.addEventListener("pointerdown", () => this.#answer(-1));
  }

  /* The next key names an option, for `then`. Any other key, or a press elsewhere, calls it off. */
  askForPlace({ then, callOff }) {
    this.#asked = { then, callOff };
  }

  /* True when the key was an answer, or took the question back. */
  #answer(place, key = "") {
    const asked = this.#asked;
    this.#asked = null;
    if (asked === null) {
      return false;
    }
    asked.callOff();
    if (place >= 0) {
      asked.then(place);
    }
    return place >= 0 || key === "escape";
  }

  #press(event) {
    const isOurs = this.#isOn && !event.ctrlKey && !event.altKey && !event.metaKey && !event.defaultPrevented;
    if (!isOurs || event.repeat || isTextField(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    const key = event.key.toLowerCase();
    const place = key.length === 1 ? Math.max("abcd".indexOf(key), "1234".indexOf(key)) : -1;
    if (key !== "shift" && this.#answer(place, key)) {
      event.preventDefault();
    } else if (place >= 0) {
      event.preventDefault();
      this.#actions.choose(place);
    } else if (Object.hasOwn(this.#actions, key) && key !== "choose") {
      event.preventDefault();
      this.#actions[key]();
    }
  }
}

function isTextField(element) {
  return element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button])");
}

/* A preference, not an answer; where the browser keeps nothing the keys are on again next time. */

function read() {
  try {
    return localStorage.getItem(PREFERENCE);
  } catch {
    return null;
  }
}

function write(value) {
  try {
    localStorage.setItem(PREFERENCE, value);
  } catch {
    return;
  }
}
