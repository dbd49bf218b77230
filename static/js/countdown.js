// Shows the time left. The server's figure decides; here it only counts down, by difference, so a wrong clock does no harm.
const ends = new WeakMap();
const ANNOUNCED = [300, 60];
// The server told whole seconds, rounded down. What is sent a second after zero comes after the deadline and within
// the grace, so that the server takes it and closes.
const AFTER_ZERO = 1000;

function words(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

// What is chosen but not sent yet is sent; the server closes the quiz either way.
function finish(timer) {
  const answer = document.getElementById("answer");
  const form = answer?.querySelector("[name=label]:checked") ? answer : document.getElementById(timer.dataset.countdownForm);
  if (!form) return;
  // Nobody pressed a button: where the quiz was paused in another tab, the server does not take this for an end.
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "time_up", value: "1" });
  form.append(mark);
  form.requestSubmit();
  mark.remove();
}

function announce(text) {
  const status = document.querySelector("[data-countdown-status]");
  if (status.textContent !== text) status.textContent = text;
}

function tick() {
  const timer = document.querySelector("[data-countdown]");
  if (!timer || timer.dataset.countdownDone) return;
  if (!ends.has(timer)) ends.set(timer, Date.now() + Number(timer.dataset.countdown) * 1000);
  const rest = ends.get(timer) - Date.now();
  const left = Math.max(0, Math.ceil(rest / 1000));
  timer.querySelector("[data-countdown-text]").textContent = words(left);
  timer.classList.toggle("time-left-short", left <= 60);
  if (ANNOUNCED.includes(left)) announce(`${left / 60} minute${left === 60 ? "" : "s"} left`);
  if (rest <= -AFTER_ZERO) {
    timer.dataset.countdownDone = "yes";
    finish(timer);
  }
}

setInterval(tick, 500);
tick();
