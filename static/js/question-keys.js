// Keys of a practice question: 1-4 or A-D choose, N goes on, P goes back. They act only while focus is not in a text
// field, and can be switched off (WCAG 2.1.4). Another module of the page may take a key before: "question-key".
const STORED = "question-keys";

// A preference; where the browser keeps nothing it holds for this page.
let isOff = read() === "off";

function read() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function switchKeys(isOn) {
  isOff = !isOn;
  try {
    localStorage.setItem(STORED, isOn ? "on" : "off");
  } catch {
    return;
  }
}

const isTyping = (target) =>
  target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])") !== null;

function choose(index) {
  const option = document.querySelectorAll("[data-question] .option > input")[index];
  if (!option) return false;
  option.click();
  option.focus();
  return true;
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

function act(key) {
  const place = "1234".indexOf(key) >= 0 ? "1234".indexOf(key) : "abcd".indexOf(key);
  const taken = new CustomEvent("question-key", { detail: { key, place }, cancelable: true });
  if (!document.dispatchEvent(taken)) return true;
  if (place >= 0) return choose(place);
  if (key === "n") return follow("[data-next]");
  if (key === "p") return follow("[data-previous]");
  return false;
}

function showSwitch() {
  for (const keys of document.querySelectorAll("[data-keys][hidden]")) {
    keys.hidden = false;
    keys.querySelector("[data-keys-switch]").checked = !isOff;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (isOff || isTyping(event.target) || event.key.length !== 1) return;
  if (act(event.key.toLowerCase())) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) switchKeys(event.target.checked);
});

document.addEventListener("htmx:afterSwap", showSwitch);
showSwitch();
