/* Practice that is explained at the end: what is chosen is saved at once, so that it stays whatever leads away.

   One save is under way at a time, and a link or a form of the question waits for it, so that none overtakes it. Where it
   does not arrive the question stays and says so. Until a page of the server shows it, this tab keeps it, and sends it again
   under the same key when the question is next opened: after signing in again, or after a reload that overtook the save. */

import { newKey } from "./new-key.js";
import { say } from "./question-swap.js";
import { giveBack, take } from "./question-time.js";

const PREFIX = "question-unsaved:";
const MOST_WAIT = 10_000;
// Whoever presses the question's own button at once has sent the choice with it: one round trip, not two.
const SOON = 150;
const current = () => document.querySelector("[data-saves]");
const begun = new WeakSet();
const unsaved = new WeakSet();
let way = Promise.resolve();
let timer = null;
let isUnderWay = false;
let isLeaving = false;

function stored(form) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.question));
  } catch {
    return null;
  }
}

function store(form) {
  const { csrfmiddlewaretoken, ...entry } = Object.fromEntries(new FormData(form));
  try {
    sessionStorage.setItem(PREFIX + form.dataset.question, JSON.stringify(entry));
  } catch {
    return;
  }
}

function forget(form) {
  if (stored(form)) sessionStorage.removeItem(PREFIX + form.dataset.question);
}

function save(form) {
  unsaved.add(form);
  store(form);
  callOff();
  timer = setTimeout(() => send(form), SOON);
}

function callOff() {
  clearTimeout(timer);
  timer = null;
}

function send(form) {
  callOff();
  way = way.then(() => deliver(form));
}

/* The form as it is now; it goes on with a key and a sequence of its own. */
async function deliver(form) {
  if (!unsaved.has(form)) return;
  const { key, sequence, seconds } = form.elements;
  const counted = take(seconds);
  const body = new FormData(form);
  body.set("seconds", counted);
  body.set("stays", "1");
  key.value = newKey();
  sequence.value = Number(sequence.value) + 1;
  unsaved.delete(form);
  isUnderWay = true;
  try {
    await post(form, body);
  } catch {
    giveBack(seconds, counted);
    unsaved.add(form);
    say(true);
  } finally {
    isUnderWay = false;
  }
}

async function post(form, body) {
  const response = await fetch(form.dataset.question, {
    method: "POST",
    body,
    keepalive: true,
    headers: { "HX-Request": "true" },
    signal: AbortSignal.timeout(MOST_WAIT),
  });
  const elsewhere = response.headers.get("HX-Redirect");
  const isSignedOut = response.status === 401;
  if (elsewhere && !isSignedOut) forget(form);
  if (elsewhere || response.redirected) {
    // Refused, with a sentence on the page it leads to; or signed out, and then it is sent after signing in.
    unsaved.add(form);
    location.assign(elsewhere ?? response.url);
    return;
  }
  if (!response.ok) throw new Error(String(response.status));
  form.dataset.sequence = body.get("sequence");
  if (!form.isConnected) return;
  say(false);
  htmx.swap(form, await response.text(), { swapStyle: "none" });
}

/* Leaving. What failed before is tried again. */

async function isSaved(form) {
  if (unsaved.has(form)) send(form);
  await way;
  return !unsaved.has(form);
}

async function leave(event, go) {
  const form = current();
  if (!form || !(isUnderWay || unsaved.has(form))) return;
  if (event.target === form && !isUnderWay) {
    callOff();
    return;
  }
  event.preventDefault();
  isLeaving = true;
  const isFree = await isSaved(form);
  isLeaving = false;
  if (isFree) go();
}

document.addEventListener("htmx:confirm", (event) => {
  if (event.target.closest("#question")) leave(event, () => event.detail.issueRequest(true));
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-leaves]")) leave(event, () => event.target.submit());
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leaves]");
  if (link && !(event.ctrlKey || event.metaKey || event.shiftKey)) leave(event, () => location.assign(link.href));
});

/* What is pressed while the next question is on its way was not meant for this one. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest("#question")) isLeaving = true;
});
document.addEventListener("htmx:afterRequest", () => {
  isLeaving = false;
});
document.addEventListener(
  "click",
  (event) => {
    if (!isLeaving || !event.target.closest("[data-saves]")) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

/* Only what was not sent at all: a choice that was refused, since another tab has a newer one, must not win by this. */
addEventListener("pagehide", () => {
  const form = current();
  if (form && timer !== null) send(form);
});

document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-saves]");
  if (form) save(form);
});

/* What did not arrive, unless the question was answered since. */
function begin() {
  const form = current();
  if (!form || begun.has(form)) return;
  begun.add(form);
  const entry = stored(form);
  if (!entry) return;
  if (Number(entry.sequence) <= Number(form.dataset.sequence)) {
    forget(form);
    return;
  }
  const { label, confidence, is_flagged: flag } = form.elements;
  label.value = entry.label ?? "";
  confidence.value = entry.confidence ?? "";
  flag.checked = "is_flagged" in entry;
  for (const name of ["key", "sequence", "seconds"]) form.elements[name].value = entry[name];
  form.dispatchEvent(new Event("change", { bubbles: true }));
  // Before anything else is chosen, which needs a key of its own.
  send(form);
}

document.addEventListener("htmx:afterSwap", begin);
begin();
