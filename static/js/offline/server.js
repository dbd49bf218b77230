/* The conversation with the server about sets and their answers. Every way it ends is one of a few kinds, so that nobody
   else has to know status codes. */

const PATIENCE = 20_000;

/* {kind: "taken", set}, or {kind: "refused", error}; "signed-out", "unreachable" and "failed" say it themselves. */
export async function takeAlong(url, form) {
  const { kind, content } = await post(url, form);
  return kind === "done" ? { kind: "taken", set: content } : { kind, error: content?.error };
}

/* {kind: "done", results}: by source why the answer was not counted, or an empty sentence. */
export async function sendAnswers(answers, owner) {
  const body = JSON.stringify({
    candidate: owner,
    answers: answers.map(({ candidate, ...answer }) => answer),
  });
  const { kind, content } = await post("/offline/answers/", body, { "Content-Type": "application/json" });
  return { kind: kind === "refused" ? "failed" : kind, results: content?.results ?? {} };
}

async function post(url, body, headers = {}) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { kind: "unreachable" };
  }
  const kinds = { 200: "done", 401: "signed-out", 403: "signed-out", 409: "stranger", 422: "refused", 429: "refused" };
  const kind = response.type === "opaqueredirect" ? "signed-out" : (kinds[response.status] ?? "failed");
  try {
    return { kind, content: await response.json() };
  } catch {
    // What stands between here and the server may answer with pages of its own: then nothing was acknowledged.
    return { kind: kind === "signed-out" ? kind : "failed" };
  }
}

/* Signing in changes the token, so it is read from its cookie each time. */
function token() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1] ?? "";
}
