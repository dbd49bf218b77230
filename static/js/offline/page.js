/* The offline page: takes questions along, asks them, and says how sending stands, never more than is true. */

import { QuestionCard } from "./question.js";
import { Sender } from "./sender.js";
import { takeAlong } from "./server.js";
import { canKeep, keepAnswer, keepSet, readAnswered, readSet, removeSet } from "./store.js";

const page = document.getElementById("offline");
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const day = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "long" });

const sender = new Sender();
const card = new QuestionCard(part("question"));
let set = null;
let answered = {};

/* Screens */

function show(name) {
  for (const screen of page.querySelectorAll("[data-screen]")) {
    screen.hidden = screen.dataset.screen !== name;
  }
}

const isAsking = () => !part("question").hidden;
const open = () => set.questions.filter(({ source }) => !(source in answered));

/* The page itself is the same for everybody, so the person's own look comes with the set. */
function dress() {
  Object.assign(document.documentElement.dataset, set?.appearance);
}

function overview({ focus = false } = {}) {
  const left = set ? open().length : 0;
  part("set").hidden = !set;
  part("others").hidden = !set;
  part("first").hidden = Boolean(set);
  part("replaces").hidden = left === 0;
  part("nothing").hidden = Boolean(set) || navigator.onLine;
  part("prepare").hidden = !navigator.onLine;
  if (set) {
    drawSet(left);
  }
  show("overview");
  drawStatus();
  if (focus) {
    scrollTo(0, 0);
    (set ? part("set-title") : part("title")).focus({ preventScroll: true });
  }
}

function drawSet(left) {
  const { length } = set.questions;
  const right = set.questions.filter(({ source, key }) => answered[source] === key).length;
  part("set-title").textContent = left
    ? `${questions(length)} ${length === 1 ? "is" : "are"} with you`
    : "All of them are answered";
  const until = day.format(new Date(set.valid_until));
  part("set-text").textContent = left
    ? `${left < length ? `${length - left} answered, ` : ""}${left} to go. Answer them until ${until}.`
    : `${right} of ${length} right. Your answers count as if you had given them here.`;
  part("set-progress").max = length;
  part("set-progress").value = length - left;
  part("start").hidden = left === 0;
  part("start-text").textContent = left === length ? "Start" : "Go on";
}

function ask() {
  const [question] = open();
  if (!question) {
    overview({ focus: true });
    return;
  }
  show("question");
  drawStatus();
  const { length } = set.questions;
  card.ask(question, { number: length - open().length + 1, count: length });
}

card.addEventListener("answer", async ({ detail: { answer } }) => {
  answered[answer.source] = answer.label;
  await keepAnswer({ ...answer, candidate: set.candidate });
  sender.waiting += 1;
  drawStatus();
  sender.send();
});
card.addEventListener("next", ask);
card.addEventListener("stop", () => overview({ focus: true }));
part("start").addEventListener("click", ask);
part("remove").addEventListener("click", async () => {
  await removeSet();
  set = null;
  answered = {};
  overview({ focus: true });
});

/* Taking along */

part("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  part("take").disabled = true;
  sayTaking("Taking them along.");
  const outcome = await takeAlong(event.target.action, new FormData(event.target));
  part("take").disabled = false;
  if (outcome.kind !== "taken") {
    sayTaking(whyNotTaken(outcome), { isBad: true });
    return;
  }
  try {
    await keepSet(outcome.set);
  } catch {
    sayTaking("This browser has no room to keep them. Free some space, or take fewer.", { isBad: true });
    return;
  }
  set = outcome.set;
  answered = {};
  dress();
  sayTaking("");
  overview({ focus: true });
  navigator.storage?.persist?.();
});

function whyNotTaken({ kind, error }) {
  part("form-sign-in").hidden = kind !== "signed-out";
  const sentences = {
    unreachable: "There is no connection. Try again when you have one.",
    "signed-out": "You are signed out.",
  };
  return sentences[kind] ?? error ?? "That did not work. Try again in a moment.";
}

function sayTaking(text, { isBad = false } = {}) {
  part("taking").textContent = text;
  part("taking").classList.toggle("status-line-bad", isBad);
  if (!isBad) {
    part("form-sign-in").hidden = true;
  }
}

/* Sending */

function drawStatus() {
  const { waiting, trouble } = sender;
  const isAway = !navigator.onLine;
  const isSent = waiting === 0 && Object.keys(answered).length > 0;
  part("status").dataset.state = waiting ? "waiting" : isSent ? "sent" : "rest";
  part("status-text").textContent = isSent ? "Sent" : statusWords(waiting, isAway || trouble);
  part("sign-in").hidden = trouble !== "signed-out" || waiting === 0;
  const isElsewhere = location.pathname !== page.dataset.address;
  part("away").hidden = !(isAway || isElsewhere) || isAsking();
  part("away-page").hidden = !isElsewhere;
}

function statusWords(waiting, hasTrouble) {
  if (waiting === 0) {
    return "";
  }
  return hasTrouble ? `${answers(waiting)} waiting to be sent` : `Sending ${answers(waiting)}`;
}

sender.addEventListener("change", drawStatus);
sender.addEventListener("refused", ({ detail }) => {
  part("refused").hidden = false;
  part("refused-text").textContent = detail.error;
});
sender.addEventListener("stranger", () => {
  set = null;
  answered = {};
  overview();
});
for (const change of ["online", "offline"]) {
  addEventListener(change, () => {
    if (!isAsking()) {
      overview();
    }
    drawStatus();
  });
}

function questions(count) {
  return count === 1 ? "1 question" : `${count} questions`;
}

function answers(count) {
  return count === 1 ? "1 answer" : `${count} answers`;
}

/* Begin, or go on where the last visit ended */

if (canKeep) {
  set = await readSet();
  answered = set ? await readAnswered() : {};
  dress();
  overview();
  sender.start();
} else {
  show("impossible");
  drawStatus();
}
document.body.dataset.ready = "true";
