/* The copy of this page that the service worker keeps for a reload without a connection. What the server acknowledges
   after the page was made stands beside it, so that the copy does not fall behind. */

const PERSONAL = "personal";

export class RoomCopy {
  #url;
  #name;
  #writing = Promise.resolve();
  /* What was acknowledged since the page was opened, so that a write that failed is made up for by the next one. */
  #newer = {};

  isCopy = false;
  /* Seconds since the server made this page. */
  age = 0;

  constructor(url) {
    this.#url = url;
    this.#name = `${url}saved`;
    const { keptSeconds } = document.documentElement.dataset;
    if (keptSeconds !== undefined) {
      this.isCopy = true;
      this.age = Number(keptSeconds);
    } else {
      this.#askForCopy();
    }
  }

  /* What the server has, newer than the page: pairs of position and state. */
  async saved() {
    if (!this.isCopy) {
      return [];
    }
    return Object.entries(await this.#read()).map(([position, state]) => [Number(position), state]);
  }

  keep(position, { sequence, label, is_flagged }) {
    if (!("caches" in self)) {
      return;
    }
    this.#newer[position] = { sequence, label, is_flagged };
    this.#writing = this.#writing.then(() => this.#write()).catch(() => {
      // No room: the copy is a convenience, and the answers are with the server.
    });
  }

  async #write() {
    const states = { ...(await this.#read()), ...this.#newer };
    const cache = await caches.open(PERSONAL);
    await cache.put(this.#name, Response.json(states));
  }

  async #read() {
    const cache = await caches.open(PERSONAL);
    const kept = await cache.match(this.#name);
    return kept ? kept.json() : {};
  }

  /* A worker that has only just come did not see this page on its way. */
  async #askForCopy() {
    const worker = navigator.serviceWorker;
    if (worker && !worker.controller) {
      const { active } = await worker.ready;
      active.postMessage({ room: this.#url });
    }
  }
}
