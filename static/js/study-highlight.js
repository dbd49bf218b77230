// Offers to highlight what is selected in the study text. A passage is told by its words and by which of several like
// ones it is, counted over the text without tags and with every run of white space as one space, as
// study/annotations.py counts.
const MOST = 600;
const LETTER = /[\p{L}\p{N}]/u;

const query = (selector) => document.querySelector(selector);
const normalized = (text) => text.replace(/\s+/gu, " ").trim();

let isPressed = false;
let wasOpen = false;

// The part of the selection that lies in the text: three clicks on its end select into what follows.
function selectedIn(text) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!range.intersectsNode(text)) return null;
  const whole = document.createRange();
  whole.selectNodeContents(text);
  if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(text, 0);
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(text, text.childNodes.length);
  return range;
}

// The passage in whole words, and which of several like ones it is.
function passageOf(range, text) {
  const all = normalized(text.textContent);
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const chosen = range.toString();
  const space = /^\s*/u.exec(chosen)[0];
  let start = (before.toString() + space).replace(/\s+/gu, " ").trimStart().length;
  let end = start + normalized(chosen).length;
  if (start === end) return null;
  if (LETTER.test(all[start])) start -= /[\p{L}\p{N}]*$/u.exec(all.slice(0, start))[0].length;
  if (LETTER.test(all[end - 1])) end += /^[\p{L}\p{N}]*/u.exec(all.slice(end))[0].length;
  const passage = all.slice(start, end);
  let occurrence = 0;
  for (let at = all.indexOf(passage); at !== -1 && at <= start; at = all.indexOf(passage, at + 1)) occurrence += 1;
  return { passage, occurrence };
}

// Just below the selection where there is room; on a phone the stylesheet keeps it above the tabs.
function place(form, range) {
  const around = form.parentElement.getBoundingClientRect();
  const box = range.getBoundingClientRect();
  const left = Math.max(0, Math.min(box.left - around.left, around.width - form.offsetWidth));
  form.style.setProperty("--left", `${left}px`);
  form.style.setProperty("--top", `${Math.min(box.bottom, innerHeight - 64) - around.top + 8}px`);
}

function offer() {
  const form = query("[data-highlighter]");
  const text = query("[data-study-text]");
  if (!form || !text || isPressed || form.contains(document.activeElement)) return;
  const range = selectedIn(text);
  const found = range && passageOf(range, text);
  form.hidden = !found || [...found.passage].length > MOST;
  if (form.hidden) return;
  form.elements.passage.value = found.passage;
  form.elements.occurrence.value = found.occurrence;
  place(form, range);
}

function ready() {
  const help = query("[data-highlight-help]");
  if (help) help.hidden = false;
}

document.addEventListener("selectionchange", offer);
document.addEventListener("pointerdown", (event) => {
  isPressed = !event.target.closest?.("[data-highlighter]");
});
for (const name of ["pointerup", "pointercancel"]) {
  document.addEventListener(name, () => {
    isPressed = false;
    // After the click, which may have taken the selection away.
    setTimeout(offer);
  });
}
// Pressing the button must not take the selection away.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.("[data-highlighter]")) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, target } = event.detail;
  if (target.id !== "study-text") return;
  wasOpen = query("[data-highlights]").open;
  // After the session has ended, sign-in answers: that is a page, and no part of this one.
  const arrived = new URL(xhr.responseURL, location.href);
  if (xhr.status < 400 && arrived.pathname !== new URL(requestConfig.path, location.href).pathname) {
    event.detail.shouldSwap = false;
    location.assign(arrived);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "study-text") return;
  getSelection().removeAllRanges();
  const list = query("[data-highlights]");
  list.open ||= wasOpen;
  ready();
  // The button that was pressed is gone; here it says what it did.
  query("[data-highlight-outcome]").focus({ preventScroll: true });
});

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    if (event.target.closest?.("#study-text")) query("[data-highlight-outcome]").textContent = "Not saved. Try again.";
  });
}

ready();
document.documentElement.dataset.canHighlight = "yes";
