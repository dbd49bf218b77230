// Saves a note that is left without pressing the button, and says what became of it: that it did not arrive, and no longer
// that it is saved once it is changed.
const MISSED = "Not saved: no connection. Your words are still here; try again.";
const REFUSED = "Not saved. Open this page in another tab and sign in there; your words are still here.";
const BEHIND = "Saved, without what you have typed since. Save again.";

// The text that is on its way; there is one note on a page.
let sent = "";

const noteOf = (event) => event.target.closest?.("[data-note]");

function say(note, text) {
  const line = note.querySelector("[data-note-status]");
  line.classList.remove("status-line-good");
  line.classList.toggle("status-line-bad", Boolean(text));
  line.querySelector("svg")?.remove();
  line.querySelector("span").textContent = text;
}

document.addEventListener("input", (event) => {
  const note = noteOf(event);
  if (note) say(note, "");
});

// Leaving it empty deletes nothing: that takes the button.
document.addEventListener("focusout", (event) => {
  const note = noteOf(event);
  if (!note || note.contains(event.relatedTarget)) return;
  const { text } = note.elements;
  if (text.value.trim() && text.value !== text.defaultValue) note.requestSubmit();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const note = noteOf(event);
  if (note) sent = note.elements.text.value;
});

document.addEventListener("htmx:sendError", (event) => {
  const note = noteOf(event);
  if (note) say(note, MISSED);
});

document.addEventListener("htmx:responseError", (event) => {
  const note = noteOf(event);
  if (note) say(note, REFUSED);
});

// After the session has ended, sign-in answers. Its page must not take the place of a line, and nobody may open it
// instead of this one, where the words are: so this listens before everybody else.
document.addEventListener(
  "htmx:beforeSwap",
  (event) => {
    const { xhr, requestConfig } = event.detail;
    const note = requestConfig.elt.closest("[data-note]");
    if (!note || xhr.status >= 400) return;
    const arrived = new URL(xhr.responseURL, location.href);
    if (arrived.pathname === new URL(requestConfig.path, location.href).pathname) {
      note.elements.text.defaultValue = sent;
      if (note.elements.text.value === sent) return;
      event.detail.shouldSwap = false;
      say(note, BEHIND);
      return;
    }
    event.detail.shouldSwap = false;
    event.stopImmediatePropagation();
    say(note, "Not saved: you are signed out. Sign in in another tab, then save again.");
  },
  true,
);
