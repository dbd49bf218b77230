/* Counts the seconds a question is really on screen into its hidden field, on top of what the server knows already.

   Where a question can be left and come back to (data-sequence: of its newest answer that the server has), they are kept
   in this tab too. They go with its next answer, or else with the form that ends the quiz. */

const PREFIX = "question-times:";
const begun = new WeakSet();

/* By position: the sequence, and the seconds since. */
function kept(quiz) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + quiz)) ?? {};
  } catch {
    return {};
  }
}

function keep(field) {
  const { times: quiz, position, sequence } = field.form.dataset;
  if (!quiz) return;
  try {
    const times = { ...kept(quiz), [position]: [sequence, field.value] };
    sessionStorage.setItem(PREFIX + quiz, JSON.stringify(times));
  } catch {
    return;
  }
}

/* Goes on where the question was left, unless an answer has taken that along. */
function begin(field) {
  if (begun.has(field)) return;
  begun.add(field);
  const { times: quiz, position, sequence } = field.form.dataset;
  if (!quiz) return;
  const [since, seconds] = kept(quiz)[position] ?? [];
  if (since === sequence && Number(field.value) === 0) field.value = seconds;
}

function count() {
  const field = document.querySelector("[data-question] [name=seconds]");
  if (!field || document.visibilityState !== "visible") return;
  begin(field);
  field.value = Number(field.value) + 1;
  keep(field);
}

function fill({ seconds, times }, quiz) {
  if (seconds) begin(seconds);
  if (times) {
    times.value = Object.entries(kept(quiz)).map(([position, time]) => [position, ...time].join(":")).join(" ");
  }
}

/* What is sent while the question stays takes its seconds along. */
export function take(field) {
  begin(field);
  const seconds = field.value;
  field.value = 0;
  keep(field);
  return seconds;
}

document.addEventListener("submit", ({ target }) => fill(target.elements, target.getAttribute("action")), true);
setInterval(count, 1000);
