/* What this browser keeps for a person, in one named cache. The questions taken along and which of them are answered: they
   go when the person signs out (the service worker sees to that) or somebody else comes. The answers that wait to be sent
   and why answers were not counted: ids, labels and our own sentences, which stay for their owner. */

const PERSONAL = "personal";
const OWNER = "/offline/owner";
const SET = "/offline/set";
const ANSWERED = "/offline/answered";
const WAITING = "/offline/waiting/";
const REFUSED = "/offline/refused/";

/* Browsers keep caches for secure origins only, and not at all where sites are forbidden to store. */
export const canKeep = "caches" in self && (await mayLook());

/* The set, or null where there is none that answers are still taken for. */
export async function readSet() {
  const set = await read(SET);
  if (set && new Date(set.valid_until) <= new Date()) {
    await removeSet(set);
    return null;
  }
  return set;
}

export async function keepSet(set) {
  await belongTo(set.candidate);
  await write(SET, set);
  // Last: where there is no room for the new set, the old one keeps its marks.
  await write(ANSWERED, {});
}

/* Not the one that another tab has taken along since. */
export async function removeSet({ prepared_at }) {
  const kept = await read(SET);
  if (kept?.prepared_at === prepared_at) {
    const cache = await caches.open(PERSONAL);
    await Promise.all([SET, ANSWERED].map((name) => cache.delete(name)));
  }
}

export async function readOwner() {
  return read(OWNER);
}

/* By source, the label that was chosen. */
export async function readAnswered() {
  return (await read(ANSWERED)) ?? {};
}

/* The label that stands: another one where another tab has kept an answer to that question before. */
export async function keepAnswer(answer) {
  const { source, label } = answer;
  const [answered, waiting] = await Promise.all([readAnswered(), read(WAITING + source)]);
  const stands = answered[source] ?? waiting?.label ?? label;
  if (stands === label) {
    await write(WAITING + source, answer);
    // Another tab may have taken other questions along since, or another person.
    const set = await read(SET);
    if (set?.questions.some((question) => question.source === source)) {
      await write(ANSWERED, { ...answered, [source]: label });
    }
  }
  return stands;
}

/* Everybody's, in the order in which they were given. */
export async function waitingAnswers() {
  const answers = await readAll(WAITING);
  return answers.sort((a, b) => a.answered_at.localeCompare(b.answered_at));
}

export async function keepRefusal({ source, candidate }, error) {
  await write(REFUSED + source, { source, candidate, error });
}

/* Answers of a person that could not be counted, until they have closed what says so. */
export async function refusalsOf(candidate) {
  const refusals = await readAll(REFUSED);
  return refusals.filter((refusal) => refusal.candidate === candidate);
}

export async function forgetRefusals(refusals) {
  const cache = await caches.open(PERSONAL);
  await Promise.all(refusals.map(({ source }) => cache.delete(REFUSED + source)));
}

export async function forgetAnswer(source) {
  const cache = await caches.open(PERSONAL);
  await cache.delete(WAITING + source);
}

/* Of this person, unless somebody else's things are there by now. */
export async function forgetPerson(person) {
  if ((await read(OWNER)) === person) {
    await forgetWhatCanBeRead();
  }
}

/* Only the page itself may be theirs already: the service worker keeps an exam room while it loads. */
export async function belongTo(person) {
  if ((await read(OWNER)) !== person) {
    await forgetWhatCanBeRead({ except: location.pathname });
    await write(OWNER, person);
  }
}

export async function forgetWhatCanBeRead({ except = "" } = {}) {
  const cache = await caches.open(PERSONAL);
  const names = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  const readable = names.filter((name) => !name.startsWith(WAITING) && !name.startsWith(REFUSED) && name !== except);
  await Promise.all(readable.map((name) => cache.delete(name)));
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

async function readAll(folder) {
  if (!canKeep) {
    return [];
  }
  const cache = await caches.open(PERSONAL);
  const keys = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(folder));
  const kept = await Promise.all(keys.map(async (key) => (await cache.match(key))?.json()));
  return kept.filter(Boolean);
}

async function write(name, content) {
  const cache = await caches.open(PERSONAL);
  await cache.put(name, Response.json(content));
}
