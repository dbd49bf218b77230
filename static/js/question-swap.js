// What htmx must not put into the question's place: another page that it was redirected to is opened as a page, and an
// answer that did not arrive is said not to have arrived.
// A note says that itself.
export const say = (isFailed) => {
  for (const notice of document.querySelectorAll("[data-not-sent]")) notice.hidden = !isFailed;
};

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const arrived = new URL(xhr.responseURL, location.href);
  if (xhr.status < 400 && arrived.pathname !== new URL(requestConfig.path, location.href).pathname) {
    event.detail.shouldSwap = false;
    location.assign(arrived);
  }
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
