// Shows the time left. The server's figure decides; here it only counts down, on a clock that setting the device's time
// cannot move.
const ends = new WeakMap();
const ANNOUNCED = [300, 60];
// The server told whole seconds, rounded down. What is sent a second after zero comes after the deadline and within
// the grace, so that the server takes it and closes.
const AFTER_ZERO = 1000;
// The two clocks of a device part when it sleeps, or when somebody sets one of them: then the server is asked.
const DOUBT_AFTER = 5000;
const AGAIN = 5000;
let clocks = read();
let isInDoubt = false;
let isLeaving = false;
let askedAt = -Infinity;
let finishedAt = -Infinity;

function read() {
  return { wall: Date.now(), steady: performance.now() };
}

function words(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

const set = (timer, seconds) => ends.set(timer, performance.now() + Number(seconds) * 1000);

function doubtAfterSleep() {
  const now = read();
  const drift = now.wall - clocks.wall - (now.steady - clocks.steady);
  clocks = now;
  if (Math.abs(drift) > DOUBT_AFTER) isInDoubt = true;
}

async function ask(timer) {
  askedAt = performance.now();
  try {
    const options = { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(AGAIN) };
    const response = await fetch(location.href, options);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const told = page.querySelector("[data-countdown]");
    if (told) {
      set(timer, told.dataset.countdown);
      isInDoubt = false;
    } else if (response.type === "opaqueredirect" || page.querySelector("meta[name=person]")) {
      // Over, or paused somewhere else.
      location.reload();
    }
  } catch {
    return;
  }
}

// What is chosen but not sent yet is sent; the server closes the quiz either way. Where it does not get through, it is
// tried again: the grace may not be over.
function finish(timer) {
  finishedAt = performance.now();
  const answer = document.getElementById("answer");
  const form = answer?.querySelector("[name=label]:checked") ? answer : document.getElementById(timer.dataset.countdownForm);
  // Without the network the browser would put a page of its own in the place of this one.
  if (!form || form.matches(".htmx-request") || (form !== answer && !navigator.onLine)) return;
  // Nobody pressed a button: where the quiz was paused in another tab, the server does not take this for an end.
  if (!form.elements.time_up) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "time_up", value: "1" }));
  }
  form.requestSubmit();
}

function announce(text) {
  const status = document.querySelector("[data-countdown-status]");
  if (status.textContent !== text) status.textContent = text;
}

function tick() {
  const timer = document.querySelector("[data-countdown]");
  if (!timer || isLeaving) return;
  if (!ends.has(timer)) set(timer, timer.dataset.countdown);
  doubtAfterSleep();
  if (isInDoubt && isTime(askedAt)) ask(timer);
  const rest = ends.get(timer) - performance.now();
  const left = Math.max(0, Math.ceil(rest / 1000));
  // A due date that is far becomes a clock in its last hours.
  timer.hidden = left > Number(timer.dataset.countdownFrom ?? Infinity);
  timer.querySelector("[data-countdown-text]").textContent = words(left);
  timer.classList.toggle("time-left-short", left <= 60);
  if (ANNOUNCED.includes(left)) announce(`${left / 60} minute${left === 60 ? "" : "s"} left`);
  if (rest <= -AFTER_ZERO && isTime(finishedAt)) finish(timer);
}

function isTime(last) {
  return last === -Infinity || (navigator.onLine && performance.now() - last > AGAIN);
}

addEventListener("online", () => {
  finishedAt = -Infinity;
});
// One that htmx or a module of ours has taken leads nowhere yet.
addEventListener("submit", (event) => {
  isLeaving = !event.defaultPrevented;
});
addEventListener("pageshow", () => {
  isLeaving = false;
});
setInterval(tick, 500);
tick();
