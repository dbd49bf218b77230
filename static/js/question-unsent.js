/* Choices of a quiz explained at the end that the server has not acknowledged yet, of all its questions.

   This tab keeps them, so that any page of the quiz can send them. Those of one question go in the order they were made,
   each under its own key: one that was sent with an unknown end is sent again before what was chosen after it. So the
   server can tell what is older than an answer from elsewhere, and what has merely lost its acknowledgement. */

import { newKey } from "./new-key.js";
import { take } from "./question-time.js";

const MOST_WAIT = 10_000;
const quiz = document.querySelector("[data-times]").dataset.times;
const STORED = `question-unsent:${quiz}`;
/* By the address of the question. What was sent is not changed any more; of what was not, there is the newest only. */
const unsent = stored();
let way = Promise.resolve(true);

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED)) ?? {};
  } catch {
    return {};
  }
}

function store() {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(unsent));
  } catch {
    return;
  }
}

const formOf = (question) => {
  const form = document.querySelector("[data-saves]");
  return form?.dataset.question === question ? form : null;
};

export const waits = () => Object.keys(unsent).length > 0;

/* Something that a post of this question's form alone would not settle. */
export const isInDoubt = (question) =>
  Object.entries(unsent).some(([other, [first]]) => other !== question || first.isSent);

export const newest = (question) => unsent[question]?.at(-1);

export function keep(form) {
  const { csrfmiddlewaretoken, time_up, ...entry } = Object.fromEntries(new FormData(form));
  const before = (unsent[form.dataset.question] ?? []).filter(({ isSent }) => isSent);
  unsent[form.dataset.question] = [...before, entry];
  store();
}

/* What was sent has used up its key, and taken its seconds along. */
export function markSent(question, entry = newest(question)) {
  if (entry.isSent) return;
  entry.isSent = true;
  const form = formOf(question);
  if (form) {
    entry.seconds = take(form.elements.seconds);
    renew(form, entry);
  }
  store();
}

export function renew(form, { sequence }) {
  form.elements.key.value = newKey();
  form.elements.sequence.value = Number(sequence) + 1;
}

export function arrived(question, key) {
  const entries = unsent[question] ?? [];
  const place = entries.findIndex((entry) => entry.key === key);
  if (place < 0) return;
  const form = formOf(question);
  if (form) form.dataset.sequence = entries[place].sequence;
  unsent[question] = entries.slice(place + 1);
  if (unsent[question].length === 0) drop(question);
  store();
}

export function drop(question) {
  delete unsent[question];
  store();
}

/* One at a time. Resolves when all have arrived, to true, or when one has not; `show` is told what came back. */
export function sendAll(show = () => {}) {
  way = way.then(() => deliverAll(show));
  return way;
}

async function deliverAll(show) {
  while (waits()) {
    const [question, [entry]] = Object.entries(unsent)[0];
    markSent(question, entry);
    try {
      if (!(await deliver(question, entry, show))) return false;
    } catch {
      return false;
    }
  }
  return true;
}

async function deliver(question, { isSent, ...entry }, show) {
  const response = await post(question, entry);
  const elsewhere = response.headers.get("HX-Redirect");
  const isSignedOut = response.status === 401;
  if (elsewhere || response.redirected) {
    // Refused, with a sentence on the page it leads to; or signed out, and then it is sent after signing in.
    if (elsewhere && !isSignedOut) drop(question);
    location.assign(elsewhere ?? response.url);
    return false;
  }
  // What stands between here and the server may answer with pages of its own.
  if (response.headers.get("Answer-Key") !== entry.key) return false;
  arrived(question, entry.key);
  show(question, await response.text());
  return true;
}

function post(question, entry) {
  const body = new FormData(document.querySelector("[data-times]"));
  const token = body.get("csrfmiddlewaretoken");
  return fetch(question, {
    method: "POST",
    body: new URLSearchParams({ ...entry, csrfmiddlewaretoken: token, stays: "1" }),
    keepalive: true,
    headers: { "HX-Request": "true" },
    signal: AbortSignal.timeout(MOST_WAIT),
  });
}
