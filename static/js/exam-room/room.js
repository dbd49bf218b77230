/* The exam room: brings the sheet, the queue, the clock and the screens together. */

import { Clock } from "./clock.js";
import { Doubt } from "./doubt.js";
import { Finish } from "./finish.js";
import { Highlighter } from "./highlighter.js";
import { Keys } from "./keys.js";
import { Marks } from "./marks.js";
import { MoreBelow } from "./more-below.js";
import { Navigator } from "./navigator.js";
import { Notes } from "./notes.js";
import { RoomCopy } from "./offline-copy.js";
import { AnswerQueue } from "./queue.js";
import { Server } from "./server.js";
import { Sheet } from "./sheet.js";
import { ConnectionStatus } from "./status.js";
import { Strikes } from "./strikes.js";
import { Times } from "./times.js";

const room = document.getElementById("room");
const part = (name) => document.querySelector(`[data-part="${name}"]`);

const server = new Server(room.dataset);
const sheet = new Sheet(room);
const queue = new AnswerQueue({ attempt: room.dataset.attempt, post: (entry) => server.post(entry) });
const copy = new RoomCopy(room.dataset.url);
const clock = new Clock(part("clock"));
const notes = new Notes({ element: part("notes"), sheet });
const status = new ConnectionStatus({ line: part("status"), signIn: part("sign-in"), announce, notes, queue, sheet });
const finish = new Finish({ attempt: room.dataset.attempt, dialog: part("finish"), notes, queue, server, sheet });
new Doubt({ clock, finish, server });
const lists = ["navigator-list", "review-list"].map(
  (name) => new Navigator({ element: part(name), sheet, open: (position) => show(position) }),
);
const marks = new Marks(room.dataset.attempt);
const strikes = new Strikes({ questions: sheet.questions, marks, template: part("strike") });
const highlighter = new Highlighter({ marks, button: part("highlight"), dialog: part("highlights"), announce });
const bar = document.querySelector(".exam-bar");
const moreBelow = new MoreBelow({ hint: part("more-below"), bar });
let current = Number(room.dataset.position);

/* Screens: one question at a time, or the review of all */

function show(position, { focus = true } = {}) {
  sheet.at(current).hide();
  current = position;
  const question = sheet.at(position);
  part("review").hidden = true;
  part("navigator").close();
  question.show();
  highlighter.open(question);
  // After a reload the same question is open; nothing is stored for that.
  history.replaceState(null, "", `#question-${position}`);
  lists.forEach((list) => (list.current = position));
  announce("");
  draw();
  scrollTo(0, 0);
  moreBelow.watch(question);
  if (focus) {
    question.element.querySelector("h2").focus({ preventScroll: true });
  }
}

function review() {
  sheet.at(current).hide();
  part("navigator").close();
  part("review").hidden = false;
  highlighter.open(null);
  moreBelow.watch(null);
  history.replaceState(null, "", "#review");
  announce("");
  draw();
  scrollTo(0, 0);
  part("review").querySelector("h2").focus({ preventScroll: true });
}

const isReviewing = () => !part("review").hidden;

function next() {
  if (current < sheet.count) {
    show(current + 1);
  } else {
    review();
  }
}

function previous() {
  if (current > 1) {
    show(current - 1);
  }
}

function draw() {
  const question = sheet.at(current);
  const reviewing = isReviewing();
  part("counter").textContent = reviewing ? "Review" : `Question ${current} of ${sheet.count}`;
  part("flag-mark").hidden = reviewing || !question.isFlagged;
  part("flag").setAttribute("aria-pressed", String(question.isFlagged));
  part("flag").disabled = reviewing;
  part("previous").disabled = !reviewing && current === 1;
  part("previous").querySelector("span").textContent = reviewing ? "Back" : "Previous";
  part("next").querySelector("span").textContent = reviewing ? "End exam" : "Next";
  part("to-review").setAttribute("aria-pressed", String(reviewing));
  const unanswered = sheet.unanswered.length;
  part("summary").textContent =
    `${sheet.count - unanswered} of ${sheet.count} answered, ${unanswered} unanswered, ${sheet.flagged.length} flagged.`;
  lists.forEach((list) => list.draw());
}

/* What the server said about answers */

function tell() {
  // First: what a dialog hides is not read aloud.
  finish.heed();
  announce(notes.text);
}

sheet.addEventListener("choose", ({ detail }) => {
  queue.add(detail.answer);
  notes.forget(detail.question.position);
});
sheet.addEventListener("change", () => {
  strikes.draw();
  draw();
});

queue.addEventListener("acknowledged", ({ detail: { entry, receipt } }) => {
  sheet.at(entry.position).acknowledge(receipt);
  copy.keep(entry.position, receipt);
  clock.sync(receipt.remaining_seconds);
});

queue.addEventListener("elsewhere", ({ detail: { answer } }) => {
  const question = sheet.at(answer.position);
  if (question && answer.sequence > question.sequence) {
    question.set(answer);
    sheet.changed();
    notes.takenOver(answer.position);
    announce(notes.text);
  }
});

queue.addEventListener("stale", ({ detail: { entry, state } }) => {
  const question = sheet.at(entry.position);
  question.acknowledge(state);
  copy.keep(entry.position, state);
  question.set(state);
  sheet.changed();
  clock.sync(state.remaining_seconds);
  notes.takenOver(entry.position);
  tell();
});

queue.addEventListener("refused", ({ detail: { entry, error } }) => {
  const question = sheet.at(entry.position);
  if (!queue.newest(entry.position)) {
    question.goBackToSaved();
    sheet.changed();
  }
  notes.refused(entry.position, error);
  tell();
});

/* Clock */

clock.addEventListener("announce", ({ detail }) => announce(detail.text));
clock.addEventListener("over", () => finish.timeIsOver());

/* Controls */

function announce(text) {
  part("announcement").textContent = text;
}

function toggleFlag() {
  if (!isReviewing()) {
    const question = sheet.at(current);
    sheet.flag(question);
    announce(question.isFlagged ? "Flagged" : "Flag removed");
  }
}

function choose(place) {
  const radio = isReviewing() ? null : sheet.at(current).radios[place];
  if (radio && !radio.disabled) {
    radio.focus();
    radio.click();
  }
}

function strike() {
  if (isReviewing()) {
    return;
  }
  const question = sheet.at(current);
  const place = strikes.focused(question);
  if (place >= 0) {
    announce(strikes.toggle(question, place));
    return;
  }
  const hint = part("hint");
  hint.hidden = false;
  hint.textContent = "Strike out A, B, C or D?";
  announce(hint.textContent);
  keys.askForPlace({
    then: (place) => announce(strikes.toggle(question, place)),
    callOff: () => {
      hint.hidden = true;
      announce("");
    },
  });
}

function openNavigator() {
  lists[0].filterBy("all");
  part("navigator").showModal();
  part("navigator").querySelector("[aria-current]")?.focus();
}

const clicks = {
  previous: () => (isReviewing() ? show(current) : previous()),
  next: () => (isReviewing() ? finish.ask() : next()),
  flag: toggleFlag,
  "to-navigator": openNavigator,
  "to-review": () => (isReviewing() ? show(current) : review()),
  "to-keys": () => part("keys").showModal(),
};
for (const [name, click] of Object.entries(clicks)) {
  part(name).addEventListener("click", click);
}
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

const keys = new Keys({
  toggle: part("keys-toggle"),
  actions: {
    choose,
    n: () => isReviewing() || next(),
    p: () => isReviewing() || previous(),
    f: toggleFlag,
    s: strike,
    h: () => highlighter.act(),
    r: clicks["to-review"],
    "?": clicks["to-keys"],
  },
});

addEventListener("beforeunload", (event) => {
  if (!queue.isEmpty && !queue.isClosed && !finish.isLeaving) {
    event.preventDefault();
  }
});

/* Begin, or go on where the last visit ended */

for (const [position, state] of await copy.saved()) {
  sheet.at(position).acknowledge(state);
  sheet.at(position).set(state);
}
for (const position of queue.waiting) {
  if (position <= sheet.count) {
    sheet.at(position).set(queue.newest(position));
  }
}
new Times(room.dataset.attempt, sheet).start();
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--exam-bar-height", `${bar.offsetHeight}px`);
}).observe(bar, { box: "border-box" });
strikes.draw();
const [, place] = location.hash.match(/^#question-(\d+)$/) ?? [];
if (location.hash === "#review") {
  review();
} else {
  show(place >= 1 && place <= sheet.count ? Number(place) : current, { focus: false });
}
document.body.dataset.ready = "true";
const { remainingSeconds } = room.dataset;
clock.start(remainingSeconds === "" ? null : Number(remainingSeconds) - copy.age);
queue.start();
status.draw();
