/* On every page: the service worker, what belongs to whom, and answers that still wait to be sent. */

import { Sender } from "./sender.js";
import { belongTo, canKeep, forgetWhatCanBeRead } from "./store.js";
import { answers, refusedWords } from "./words.js";

const person = document.querySelector("meta[name=person]")?.content;
const STAYS = "What waits stays in this browser until you sign in here again. Sign out all the same?";
const SIGN_OUT = 'form[action$="/logout/"]';
const hasWorker = "serviceWorker" in navigator;

if (hasWorker) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {
    // Without one the site is as it was: it needs a connection.
  });
}

/* What waits is sent before signing out, or stays in this browser for its owner. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!canKeep || !form.matches(SIGN_OUT)) {
    return;
  }
  event.preventDefault();
  const sender = new Sender(person);
  await sender.send();
  if (sender.waiting > 0 && !confirm(`${answers(sender.waiting)} could not be sent yet. ${STAYS}`)) {
    return;
  }
  if (!hasWorker || !navigator.serviceWorker.controller) {
    // Otherwise the worker does it, once the server has answered.
    await forgetWhatCanBeRead();
  }
  form.submit();
});

/* Answers that could not be counted, until the person has closed the notice. */
function tellRefused({ target: sender }) {
  const template = document.getElementById("answers-refused");
  const shown = document.querySelector("[data-refused]");
  const { length } = sender.refused;
  // What is said already is not said again.
  if (!template || length === Number(shown?.dataset.refused ?? 0)) {
    return;
  }
  shown?.remove();
  if (length > 0) {
    const notice = template.content.firstElementChild.cloneNode(true);
    const { title, text } = refusedWords(sender.refused.map(({ error }) => error));
    notice.dataset.refused = length;
    notice.querySelector("[data-refused-title]").textContent = title;
    notice.querySelector("[data-refused-text]").textContent = text;
    notice.querySelector("button").addEventListener("click", () => {
      sender.closeRefused();
      document.getElementById("main").focus({ preventScroll: true });
    });
    template.before(notice);
  }
}

if (canKeep && person) {
  await belongTo(person);
  const sender = new Sender(person);
  sender.addEventListener("change", tellRefused);
  await sender.send();
}
