/* The offline page: takes questions along, asks them, and says how sending stands, never more than is true. */

import { QuestionCard } from "./question.js";
import { Sender } from "./sender.js";
import { sendAnswers, takeAlong } from "./server.js";
import { canKeep, keepAnswer, keepSet, readAnswered, readOwner, readSet, removeSet } from "./store.js";
import { answers, refusedWords } from "./words.js";

const page = document.getElementById("offline");
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });

const sender = new Sender();
const card = new QuestionCard(part("question"));
let set = null;
let answered = {};
/* Whether the connection came back while this page was open. */
let isBack = false;
/* Why answers were not even kept, a sentence for each. */
let unkept = [];

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
    : `${right} of ${length} right. Once sent, answers count as if you had given them online.`;
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
  try {
    answered[answer.source] = await keepAnswer({ ...answer, candidate: set.candidate });
  } catch {
    delete answered[answer.source];
    refuse("This browser had no room to keep it. Free some space, then answer that question again.");
    return;
  }
  if (answered[answer.source] !== answer.label) {
    refuse("You answered that question in another tab. That answer stands, so this one was not counted.");
    return;
  }
  sender.waiting += 1;
  drawStatus();
  sender.send();
});
card.addEventListener("next", ask);
card.addEventListener("stop", () => overview({ focus: true }));
part("start").addEventListener("click", ask);
part("remove").addEventListener("click", async () => {
  await removeSet(set);
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
  sender.belongTo(set.candidate);
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
  const state = sendingState(waiting, isAway || trouble);
  const words = {
    rest: "",
    sent: "Sent",
    sending: `Sending ${answers(waiting)}`,
    waiting: `${answers(waiting)} waiting to be sent`,
  };
  part("status").dataset.state = state;
  part("status-text").textContent = words[state];
  part("sign-in").hidden = isAway || trouble !== "signed-out" || waiting === 0;
  drawAway(isAway);
}

function sendingState(waiting, hasTrouble) {
  if (waiting > 0) {
    return hasTrouble ? "waiting" : "sending";
  }
  const isSent = waiting === 0 && Object.keys(answered).length > 0 && refused().length === 0;
  return isSent ? "sent" : "rest";
}

function drawAway(isAway) {
  const isElsewhere = location.pathname !== page.dataset.address;
  part("away").hidden = !(isAway || isElsewhere) || isAsking();
  part("away").dataset.state = isBack ? "back" : "away";
  part("away-page").hidden = !isElsewhere;
  const [title, text, link] = isAway
    ? ["You have no connection", "The page you asked for needs one.", "Try again"]
    : isBack
      ? ["You are connected again", "The page you asked for is there again.", "Open it"]
      : ["We cannot be reached", "The page you asked for has to come from us.", "Try again"];
  part("away-title").textContent = title;
  part("away-text").textContent = text;
  part("away-link").textContent = link;
}

sender.addEventListener("change", drawSending);
sender.addEventListener("stranger", ({ detail: { person } }) => {
  if (set?.candidate === person) {
    leaveTheSet();
  }
  drawSending();
});
part("refused-close").addEventListener("click", async () => {
  unkept = [];
  await sender.closeRefused();
  (isAsking() ? page.querySelector("[data-question-part=heading]") : part("title")).focus({ preventScroll: true });
});

function drawSending() {
  drawRefused();
  drawStatus();
}

function refuse(error) {
  unkept.push(error);
  drawSending();
}

const refused = () => [...sender.refused.map(({ error }) => error), ...unkept];

function drawRefused() {
  const errors = refused();
  const { title, text } = refusedWords(errors);
  part("refused").hidden = errors.length === 0;
  part("refused-title").textContent = title;
  part("refused-text").textContent = text;
}

function leaveTheSet() {
  set = null;
  answered = {};
  unkept = [];
  overview();
}

/* This page is the same for everybody, so only the server knows whether somebody else has signed in since. */
async function askWhoseItIs() {
  const { person } = sender;
  if (!person || !navigator.onLine) {
    return;
  }
  const { kind } = await sendAnswers([], person);
  if (kind === "stranger") {
    await sender.leave(person);
  }
}

for (const change of ["online", "offline"]) {
  addEventListener(change, () => {
    isBack = navigator.onLine;
    if (!isAsking()) {
      overview();
    }
    drawStatus();
  });
}

function questions(count) {
  return count === 1 ? "1 question" : `${count} questions`;
}

/* Begin, or go on where the last visit ended */

if (canKeep) {
  set = await readSet();
  answered = set ? await readAnswered() : {};
  sender.belongTo(set?.candidate ?? (await readOwner()));
  dress();
  overview();
  sender.start();
  askWhoseItIs();
} else {
  show("impossible");
  drawStatus();
}
document.body.dataset.ready = "true";
