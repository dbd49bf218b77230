/* Stretches of a text as [start, end] offsets, the end not included: in order, and apart from each other. */

export function covers(ranges, [start, end]) {
  return ranges.some(([from, to]) => from <= start && end <= to);
}

export function touches(ranges, [start, end]) {
  return ranges.some(([from, to]) => from < end && start < to);
}

export function add(ranges, range) {
  const joined = [];
  for (const [start, end] of [...ranges, range].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && start <= last[1]) {
      last[1] = Math.max(last[1], end);
    } else {
      joined.push([start, end]);
    }
  }
  return joined;
}

export function subtract(ranges, [start, end]) {
  return ranges
    .flatMap(([from, to]) => [
      [from, Math.min(to, start)],
      [Math.max(from, end), to],
    ])
    .filter(([from, to]) => from < to);
}
