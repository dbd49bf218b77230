/* Practice that is explained at the end: what is chosen is saved at once, so that it stays whatever leads away.

   A link or a form of the question waits until everything has arrived. Where it does not, the question stays and says so;
   what was chosen is sent again, from whatever page of the quiz is open then. */

import { say } from "./question-swap.js";
import { arrived, drop, isInDoubt, keep, markSent, newest, renew, sendAll, waits } from "./question-unsent.js";

// Whoever presses the question's own button at once has sent the choice with it: one round trip, not two.
const SOON = 150;
const current = () => document.querySelector("[data-saves]");
const begun = new WeakSet();
let timer = null;
let isWaiting = false;
let isLeaving = false;

function callOff() {
  clearTimeout(timer);
  timer = null;
}

async function send() {
  callOff();
  if (!waits()) return true;
  const isDone = await sendAll(show);
  say(!isDone);
  return isDone;
}

/* Another question's place is not where we are. */
function show(question, places) {
  const form = current();
  const isHere = form.dataset.question === question;
  htmx.swap(form, isHere ? places : places.replace(' aria-current="page"', ""), { swapStyle: "none" });
}

/* Leaving. What failed before is tried again. */

async function leave(event, go) {
  const form = current();
  if (!form || !waits()) return;
  if (event.target === form && !isInDoubt(form.dataset.question)) {
    callOff();
    return;
  }
  event.preventDefault();
  if (isWaiting) return;
  isWaiting = true;
  const isFree = await send();
  isWaiting = false;
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

/* The question's own button. */
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!target.matches("[data-saves]")) return;
  keep(target);
  markSent(target.dataset.question);
});
document.addEventListener("htmx:beforeOnLoad", ({ target, detail: { xhr } }) => {
  if (!target.matches("[data-saves]")) return;
  const { question } = target.dataset;
  const key = xhr.getResponseHeader("Answer-Key");
  if (key) arrived(question, key);
  else if (xhr.status < 400 && xhr.getResponseHeader("HX-Redirect")) drop(question);
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
    if (!(isWaiting || isLeaving) || !event.target.closest("[data-saves]")) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

addEventListener("pagehide", () => {
  if (timer !== null) send();
});
for (const type of ["online", "focus"]) addEventListener(type, send);

document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-saves]");
  if (!form || target === form) return;
  keep(form);
  callOff();
  timer = setTimeout(send, SOON);
});

/* What is newer than the page is shown again. What is not has arrived, or is refused. */
function begin() {
  const form = current();
  if (!form || begun.has(form)) return;
  begun.add(form);
  const entry = newest(form.dataset.question);
  if (Number(entry?.sequence) > Number(form.dataset.sequence)) restore(form, entry);
  send();
}

function restore(form, entry) {
  const { label, confidence, is_flagged: flag, key, sequence } = form.elements;
  label.value = entry.label ?? "";
  confidence.value = entry.confidence ?? "";
  flag.checked = "is_flagged" in entry;
  if (entry.isSent) {
    renew(form, entry);
  } else {
    key.value = entry.key;
    sequence.value = entry.sequence;
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("htmx:afterSwap", begin);
begin();
