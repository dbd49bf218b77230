/* The exam room's conversation with the server. Every answer to a question about an answer is one of a few kinds, so
   that nobody else has to know status codes. */

const PATIENCE = 12_000;

export class Server {
  #room;

  constructor(room) {
    this.#room = room.dataset;
  }

  /* Signing in again in another tab changes the token, so it is read from its cookie each time. */
  get token() {
    const name = `${this.#room.csrfCookie}=`;
    const cookie = document.cookie.split("; ").find((part) => part.startsWith(name));
    return cookie ? cookie.slice(name.length) : "";
  }

  async post(entry) {
    let response;
    try {
      response = await fetch(this.#room.answerUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify(entry),
        // The browser finishes sending when the tab is closed right after a choice.
        keepalive: true,
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      return { kind: "unreachable" };
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      return { kind: "signed-out" };
    }
    const kind = { 200: "acknowledged", 404: "stranger", 409: "stale", 410: "closed", 422: "refused" }[response.status];
    return kind ? await this.#read(kind, response) : { kind: "failed" };
  }

  /* Whether the exam is still open, and how long: {kind: "open", remaining_seconds}; null without a time limit. */
  async ask() {
    let response;
    try {
      response = await fetch(this.#room.url, {
        method: "HEAD",
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      return { kind: "unreachable" };
    }
    const path = new URL(response.url).pathname;
    if (path === this.#room.signInUrl) {
      return { kind: "signed-out" };
    }
    if (response.status === 404) {
      return { kind: "stranger" };
    }
    if (response.ok && path !== this.#room.url) {
      return { kind: "closed", url: path };
    }
    const remaining = response.headers.get("Remaining-Seconds");
    if (!response.ok || remaining === null) {
      return { kind: "failed" };
    }
    return { kind: "open", remaining_seconds: remaining === "" ? null : Number(remaining) };
  }

  /* What stands between here and the server may answer with pages of its own: then nothing was acknowledged. */
  async #read(kind, response) {
    try {
      return { ...(await response.json()), kind };
    } catch {
      return { kind: kind === "stranger" ? kind : "failed" };
    }
  }
}
