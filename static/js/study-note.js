// Saves a note that is left without pressing the button, and says what became of it: that it did not arrive, that it was
// changed elsewhere, and no longer that it is saved once it is changed. A link that is followed meanwhile leads away only
// once the note has arrived; where it has not, the page with the words stays, and the next click leads away.
const MISSED = "Not saved: no connection. Your words are still here; try again.";
const REFUSED = "Not saved. Open this page in another tab and sign in there; your words are still here.";
const BEHIND = "Saved, without what you have typed since. Save again.";

// The text that is on its way; there is one note on a page.
let sent = "";
let underway = null; // the note that it belongs to
let leaving = null; // the link that waits for it
let isNews = false; // that it was not saved, since a pointer or a key last went down

const noteOf = (event) => event.target.closest?.("[data-note]");
const newerOf = (note) => note.querySelector("[data-note-newer]");

function say(note, text) {
  const line = note.querySelector("[data-note-status]");
  line.classList.remove("status-line-good");
  line.classList.toggle("status-line-bad", Boolean(text));
  line.querySelector("svg")?.remove();
  line.querySelector("span").textContent = text;
}

function arrive(note, isSaved) {
  underway = null;
  isNews = !isSaved;
  // Behind this one comes what was typed since: the link goes on waiting.
  if (isSaved && note.elements.text.value !== sent) return;
  const link = leaving;
  leaving = null;
  if (isSaved) link?.click();
}

for (const way of ["pointerdown", "keydown"]) {
  document.addEventListener(way, () => { isNews = false; }, true);
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    const waits = underway?.isConnected && link !== leaving;
    if (!waits && !isNews) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    leaving = waits ? link : null;
    isNews = false;
  },
  true,
);

// Beside the one that was saved elsewhere it stays true that this one is not.
document.addEventListener("input", (event) => {
  const note = noteOf(event);
  if (!note) return;
  leaving = null;
  if (!newerOf(note)) say(note, "");
});

// Leaving it empty deletes nothing: that takes the button. So does taking the place of what was saved elsewhere.
document.addEventListener("focusout", (event) => {
  const note = noteOf(event);
  const next = event.relatedTarget;
  if (!note || newerOf(note) || (note.contains(next) && !next.matches("a"))) return;
  const { text } = note.elements;
  if (text.value.trim() && text.value !== text.defaultValue) note.requestSubmit();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const note = noteOf(event);
  if (!note) return;
  sent = note.elements.text.value;
  underway = note;
});

document.addEventListener("htmx:sendError", (event) => {
  const note = noteOf(event);
  if (!note) return;
  say(note, MISSED);
  arrive(note, false);
});

document.addEventListener("htmx:responseError", (event) => {
  const note = noteOf(event);
  if (!note) return;
  say(note, REFUSED);
  arrive(note, false);
});

// After the session has ended, htmx is told to open the sign-in page. Not instead of this one, where the words are.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  const note = requestConfig.elt.closest("[data-note]");
  if (!note || xhr.status !== 401) return;
  event.preventDefault();
  say(note, "Not saved: you are signed out. Sign in in another tab, then save again.");
  arrive(note, false);
});

// With the line, htmx has swapped what the note began from, and what was saved elsewhere. Whoever pressed a button that
// is gone goes on from what stands in its place.
document.addEventListener("htmx:afterSwap", (event) => {
  const note = noteOf(event);
  if (!note || !event.target.matches("[data-note-status]")) return;
  const { text } = note.elements;
  const pressed = event.detail.requestConfig.triggeringEvent?.submitter;
  const isSaved = event.target.classList.contains("status-line-good");
  if (isSaved) {
    text.defaultValue = sent;
    if (text.value !== sent) say(note, BEHIND);
    if (pressed && !pressed.isConnected) note.querySelector("#note-save").focus();
  } else if (pressed) {
    newerOf(note)?.focus();
  }
  arrive(note, isSaved);
});
