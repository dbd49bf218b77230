/* Words that the offline page and every other page have in common. */

export function answers(count) {
  return count === 1 ? "1 answer" : `${count} answers`;
}

/* Of answers that could not be counted, given why of each. */
export function refusedWords(errors) {
  return { title: `${answers(errors.length)} could not be counted`, text: [...new Set(errors)].join(" ") };
}
