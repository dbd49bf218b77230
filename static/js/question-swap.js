// What htmx must not put into the question's place: another page that it was redirected to is opened as a page, and an
// answer that did not arrive is said not to have arrived.
// A note says that itself.
export const say = (isFailed) => {
  for (const notice of document.querySelectorAll("[data-not-sent]")) notice.hidden = !isFailed;
};

const QUESTION = '<div class="asked" id="asked"';

// Told what the navigator shows, the server sends the places that have changed and not all of them.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["Places-Shown"] = document.getElementById("asked").dataset.marks;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const arrived = new URL(xhr.responseURL, location.href);
  if (xhr.status < 400 && arrived.pathname !== new URL(requestConfig.path, location.href).pathname) {
    event.detail.shouldSwap = false;
    location.assign(arrived);
    return;
  }
  // What stands between here and the server may answer with pages of its own.
  if (xhr.status < 400 && event.detail.target.id === "asked" && !xhr.responseText.trimStart().startsWith(QUESTION)) {
    event.detail.shouldSwap = false;
    say(true);
  }
});

// Of two questions on their way the first to come is shown. The other would still bring its place in the navigator.
const underway = new Set();
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id === "asked") underway.add(detail.xhr);
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "asked" || !detail.shouldSwap) return;
  underway.delete(detail.xhr);
  for (const xhr of underway) xhr.abort();
  underway.clear();
});

// The next question in the place of this one: the page has a new name, and begins at its heading.
document.addEventListener("htmx:afterSwap", () => {
  const heading = document.querySelector("#question h1");
  const name = heading?.textContent.replace(/\s+/g, " ").trim();
  if (!name || document.title.startsWith(`${name} ·`)) return;
  document.title = document.title.replace(/^[^·]*(?= ·)/, name);
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
});

document.addEventListener("htmx:beforeRequest", () => say(false));
const fail = (event) => {
  if (!event.target.closest("[data-note]")) say(true);
};

document.addEventListener("htmx:sendError", fail);
document.addEventListener("htmx:responseError", fail);
