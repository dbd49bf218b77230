/* What this browser keeps for a person: the questions taken along, which of them are answered, and the answers that wait
   to be sent. In one named cache, which the service worker removes when the person signs out. */

const PERSONAL = "personal";
const OWNER = "/offline/owner";
const SET = "/offline/set";
const ANSWERED = "/offline/answered";
const WAITING = "/offline/waiting/";

/* Browsers keep caches for secure origins only, and not at all where sites are forbidden to store. */
export const canKeep = "caches" in self && (await mayLook());

/* The set, or null where there is none that answers are still taken for. */
export async function readSet() {
  const set = await read(SET);
  if (set && new Date(set.valid_until) <= new Date()) {
    await removeSet();
    return null;
  }
  return set;
}

export async function keepSet(set) {
  await write(OWNER, set.candidate);
  await write(SET, set);
  // Last: where there is no room for the new set, the old one keeps its marks.
  await write(ANSWERED, {});
}

export async function removeSet() {
  const cache = await caches.open(PERSONAL);
  await Promise.all([SET, ANSWERED].map((name) => cache.delete(name)));
}

/* By source, the label that was chosen. */
export async function readAnswered() {
  return (await read(ANSWERED)) ?? {};
}

export async function keepAnswer(answer) {
  await write(WAITING + answer.source, answer);
  await write(ANSWERED, { ...(await readAnswered()), [answer.source]: answer.label });
}

/* In the order in which they were given. */
export async function waitingAnswers() {
  if (!canKeep) {
    return [];
  }
  const cache = await caches.open(PERSONAL);
  const keys = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(WAITING));
  const answers = await Promise.all(keys.map(async (key) => (await cache.match(key))?.json()));
  return answers.filter(Boolean).sort((a, b) => a.answered_at.localeCompare(b.answered_at));
}

export async function forgetAnswer(source) {
  const cache = await caches.open(PERSONAL);
  await cache.delete(WAITING + source);
}

export async function forgetEverything() {
  await caches.delete(PERSONAL);
}

/* Nothing of one person's is there for another. Only the page itself may be theirs already: the service worker keeps an
   exam room while it loads. */
export async function belongTo(person) {
  const owner = await read(OWNER);
  if (owner !== person) {
    const cache = await caches.open(PERSONAL);
    const others = (await cache.keys()).filter(({ url }) => new URL(url).pathname !== location.pathname);
    await Promise.all(others.map((key) => cache.delete(key)));
    await write(OWNER, person);
  }
}

async function mayLook() {
  try {
    await caches.has(PERSONAL);
    return true;
  } catch {
    return false;
  }
}

async function read(name) {
  if (!canKeep) {
    return null;
  }
  const cache = await caches.open(PERSONAL);
  const kept = await cache.match(name);
  return kept ? kept.json() : null;
}

async function write(name, content) {
  const cache = await caches.open(PERSONAL);
  await cache.put(name, Response.json(content));
}
