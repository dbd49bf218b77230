/* On every page: the service worker, what belongs to whom, and answers that still wait to be sent. */

import { Sender } from "./sender.js";
import { belongTo, canKeep, forgetEverything, waitingAnswers } from "./store.js";

const person = document.querySelector("meta[name=person]")?.content;
const SIGN_OUT = 'form[action$="/logout/"]';
const hasWorker = "serviceWorker" in navigator;

if (hasWorker) {
  navigator.serviceWorker.register("/service-worker.js").catch(() => {
    // Without one the site is as it was: it needs a connection.
  });
}

/* Signing out removes what waits, so that is sent first. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!canKeep || !form.matches(SIGN_OUT)) {
    return;
  }
  event.preventDefault();
  await new Sender().send();
  const { length } = await waitingAnswers();
  const answers = length === 1 ? "1 answer" : `${length} answers`;
  if (length > 0 && !confirm(`${answers} could not be sent yet and would be lost. Sign out all the same?`)) {
    return;
  }
  if (!hasWorker || !navigator.serviceWorker.controller) {
    // Otherwise the worker does it, once the server has answered.
    await forgetEverything();
  }
  form.submit();
});

if (canKeep && person) {
  await belongTo(person);
  await new Sender().send();
}
