/* On the page of mock exams: answers that wait in this browser for an exam that has closed. They may have arrived without
   the browser's knowing, so the server is asked once more; those it has not got are removed, and the person is told.
   Answers for an open exam stay; its room sends them. What was struck out and highlighted in a closed exam goes too. */

import { forgetMarks } from "./marks.js";
import { AnswerQueue } from "./queue.js";
import { Server } from "./server.js";
import { answers } from "./status.js";

const line = document.querySelector("[data-part=lost]");
const lost = new Map();

for (const { dataset } of document.querySelectorAll("[data-closed-attempt]")) {
  const attempt = dataset.closedAttempt;
  const server = new Server(dataset);
  const queue = new AnswerQueue({ attempt, post: (entry) => server.post(entry) });
  queue.addEventListener("closed", ({ detail }) => tell(attempt, detail.lost.length));
  queue.close(dataset.resultUrl);
  forgetMarks(attempt);
}

function tell(attempt, count) {
  lost.set(attempt, count);
  const sum = [...lost.values()].reduce((sum, count) => sum + count, 0);
  if (sum > 0) {
    line.textContent = `${answers(sum)} did not reach us before the exam closed and could not be counted.`;
    line.hidden = false;
  }
}
