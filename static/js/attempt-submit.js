/* The end of a quiz waits for what was chosen and has not arrived yet, or says that it has not. */

import { sendAll, waits } from "./question-unsent.js";

const form = document.getElementById("finish");
let isFinishing = false;

async function send() {
  const isDone = await sendAll();
  document.querySelector("[data-not-sent]").hidden = isDone;
  return isDone;
}

/* What the page says of the answers, it says without these. */
async function catchUp() {
  if (waits() && (await send()) && !isFinishing) location.reload();
}

form.addEventListener("submit", async (event) => {
  if (!waits()) return;
  event.preventDefault();
  if (isFinishing) return;
  isFinishing = true;
  isFinishing = await send();
  if (isFinishing) form.submit();
});

for (const type of ["online", "focus"]) addEventListener(type, catchUp);
catchUp();
