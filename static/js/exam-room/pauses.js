/* How long to wait before the next try: longer after each failure, and not everybody at once. */

const FIRST = 1_000;
const LONGEST = 15_000;

export function pauseAfter(failures) {
  return Math.min(FIRST * 2 ** (failures - 1), LONGEST) * (0.75 + Math.random() / 2);
}
