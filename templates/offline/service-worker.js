/* Serves the pages from the network, and without one what was kept for that: the offline page with its files, and the
   one exam room that is open. offline/views/shell.py puts SHELL in front: its version follows from what is kept. */

const KEPT = `shell-${SHELL.version}`;
/* What belongs to a person: static/js/offline/store.js writes it too, and says what stays when the person signs out. */
const PERSONAL = "personal";
const STAYS = /^\/offline\/(waiting|refused)\//;
const FILES = new Set(SHELL.files);
const ROOM = /^\/attempts\/[0-9a-f-]{36}\/exam\/$/;
const CLOSED = /^(\/attempts\/[0-9a-f-]{36}\/)(questions\/)?$/;
const KEPT_AT = "Kept-At";
/* Between here and the server something else may answer, and call it a success: the sign-in page of a train's network. So
   nothing is kept, and nothing removed, before it is known to be ours. */
const OURS = { room: "Remaining-Seconds", person: '<meta name="person"', page: 'data-part="set-title"' };

addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(removeOlderShells().then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) {
    return;
  }
  if (request.method === "POST" && SHELL.signOut.includes(pathname)) {
    event.respondWith(signOut(request));
  } else if (request.method === "GET" && request.mode === "navigate" && !pathname.startsWith("/admin/")) {
    event.respondWith(page(event, pathname));
  } else if (request.method === "GET" && FILES.has(pathname)) {
    event.respondWith(file(request));
  }
});

/* From a room that was opened before this worker was there. */
addEventListener("message", (event) => {
  const { room } = event.data;
  event.waitUntil(fetch(room).then((response) => follow(new URL(response.url).pathname, response)));
});

async function keepShell() {
  const cache = await caches.open(KEPT);
  const isPage = async (response) => (await response.text()).includes(OURS.page);
  const isFile = (response) => !response.headers.get("Content-Type").startsWith("text/html");
  await Promise.all([
    // As a stranger gets it.
    keep(cache, new Request(SHELL.page, { cache: "no-store", credentials: "omit" }), isPage),
    ...SHELL.files.map((file) => keep(cache, new Request(file, { cache: "no-cache" }), isFile)),
  ]);
}

async function keep(cache, request, isOurs) {
  const response = await fetch(request);
  if (!response.ok || response.redirected || !(await isOurs(response.clone()))) {
    throw new Error(`${request.url} did not come from us`);
  }
  await cache.put(request, response);
}

async function removeOlderShells() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("shell-") && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function page(event, pathname) {
  try {
    const response = await fetch(event.request);
    event.waitUntil(follow(pathname, response.clone()));
    return (response.status >= 500 && (await keptPage(pathname))) || response;
  } catch {
    return (await keptPage(pathname)) ?? (await offlinePage());
  }
}

/* Of this address, where there is one. */
function keptPage(pathname) {
  return pathname === SHELL.page ? offlinePage() : keptRoom(pathname);
}

/* A file's name changes with what is in it; where it does not (while developing) the network knows better. */
async function file(request) {
  const kept = await caches.match(request, { cacheName: KEPT });
  if (kept && /\.[0-9a-f]{12}\.\w+$/.test(new URL(request.url).pathname)) {
    return kept;
  }
  return fetch(request).catch(() => kept ?? Response.error());
}

async function offlinePage() {
  return (await caches.match(SHELL.page, { cacheName: KEPT })) ?? Response.error();
}

/* Everything personal goes as soon as the server has heard of it, and stays where it has not. */
async function signOut(request) {
  try {
    const response = await fetch(request);
    if (response.ok || response.type === "opaqueredirect") {
      await forgetWhatCanBeRead();
    }
    return response;
  } catch {
    return offlinePage();
  }
}

async function forgetWhatCanBeRead() {
  const cache = await caches.open(PERSONAL);
  const readable = (await cache.keys()).filter(({ url }) => !STAYS.test(new URL(url).pathname));
  await Promise.all(readable.map((request) => cache.delete(request)));
}

/* The exam room: kept while it is open, so that a reload without a connection loses nothing. An exam's page holds no
   key. */

async function follow(pathname, response) {
  const [, closed] = pathname.match(CLOSED) ?? [];
  const isRoom = ROOM.test(pathname);
  if (!response.ok || !(isRoom || closed) || !(await isFromUs(response.clone(), isRoom))) {
    return;
  }
  const cache = await caches.open(PERSONAL);
  const rooms = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith("/attempts/"));
  const stale = isRoom ? rooms : rooms.filter(({ url }) => new URL(url).pathname.startsWith(closed));
  await Promise.all(stale.map((room) => cache.delete(room)));
  if (isRoom) {
    await cache.put(pathname, await dated(response));
  }
}

async function isFromUs(response, isRoom) {
  return isRoom ? response.headers.has(OURS.room) : (await response.text()).includes(OURS.person);
}

async function dated(response) {
  const headers = new Headers(response.headers);
  // What is kept has been unpacked.
  headers.delete("Content-Encoding");
  headers.set(KEPT_AT, String(Date.now()));
  return new Response(await response.blob(), { headers });
}

/* The page is told how old it is: static/js/exam-room/offline-copy.js. */
async function keptRoom(pathname) {
  const cache = await caches.open(PERSONAL);
  const kept = ROOM.test(pathname) ? await cache.match(pathname) : undefined;
  if (!kept) {
    return undefined;
  }
  const seconds = Math.max(0, Math.round((Date.now() - Number(kept.headers.get(KEPT_AT))) / 1000));
  const html = (await kept.text()).replace("<html ", `<html data-kept-seconds="${seconds}" `);
  return new Response(html, { headers: kept.headers });
}
