/* The exam room's conversation with the server. Every answer to a question about an answer is one of a few kinds, so
   that nobody else has to know status codes. */

const PATIENCE = 12_000;
const KINDS = {
  200: "acknowledged",
  401: "signed-out",
  404: "stranger",
  409: "stale",
  410: "closed",
  422: "refused",
};

export class Server {
  #room;

  /* room: {url, answerUrl, resultUrl, signInUrl} */
  constructor(room) {
    this.#room = room;
  }

  /* Signing in again in another tab changes the token, so it is read from its cookie each time. */
  get token() {
    return document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1] ?? "";
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
    if (response.status === 403) {
      return this.#whyNoToken();
    }
    const kind = KINDS[response.status];
    return kind ? this.#read(kind, response) : { kind: "failed" };
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
    if (response.ok && path === this.#room.resultUrl) {
      return { kind: "closed", url: path };
    }
    const remaining = response.headers.get("Remaining-Seconds");
    if (remaining === null) {
      return { kind: "failed" };
    }
    if (response.status === 404) {
      return { kind: "stranger" };
    }
    return { kind: "open", remaining_seconds: remaining === "" ? null : Number(remaining) };
  }

  /* What stands between here and the server may answer with pages of its own: then nothing was acknowledged, and nothing
     is known about who is signed in. */
  async #read(kind, response) {
    try {
      const content = await response.json();
      return kind === "acknowledged" || "error" in content ? { ...content, kind } : { kind: "failed" };
    } catch {
      return { kind: "failed" };
    }
  }

  /* Who is signed in may have lost the token's cookie alone; the room, asked for, brings a new one. */
  async #whyNoToken() {
    const { kind } = await this.ask();
    return { kind: kind === "signed-out" || kind === "stranger" ? kind : "failed" };
  }
}
