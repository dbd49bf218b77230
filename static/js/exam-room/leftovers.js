/* On the page of mock exams: answers that wait in this browser for an exam that has closed can no longer be sent. They
   are removed, and the person is told. Answers for an open exam stay; its room sends them. What was struck out and
   highlighted in a closed exam goes too. */

import { forgetMarks } from "./marks.js";
import { forgetAnswers } from "./queue.js";
import { answers } from "./status.js";

const line = document.querySelector("[data-part=lost]");
const closed = [...document.querySelectorAll("[data-closed-attempt]")].map((row) => row.dataset.closedAttempt);
const lost = closed.reduce((sum, attempt) => sum + forgetAnswers(attempt), 0);
closed.forEach(forgetMarks);
if (lost > 0) {
  line.textContent = `${answers(lost)} did not reach us before the exam closed and could not be counted.`;
  line.hidden = false;
}
