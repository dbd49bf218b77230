// Shows the definition of a term beside its link: on hover, on focus by keyboard, on the first tap (the second one opens
// the glossary). It stays while the pointer is on it, and Escape closes it. Without this the link is a link.
const SHOW_AFTER = 150;
const HIDE_AFTER = 300;
const GAP = 6;

let shown = null;
let timer = 0;
let isTouch = false;

const linkAt = (event) => event.target.closest?.("a.term");
const cardAt = (event) => event.target.closest?.(".term-card");
const cardOf = (link) => document.getElementById(link.getAttribute("aria-describedby"))?.closest(".term-card");

// In the page's own coordinates, so that it scrolls with the text.
function place(link, card) {
  const lines = link.getClientRects();
  const below = lines[lines.length - 1].bottom + GAP;
  const above = lines[0].top - GAP - card.offsetHeight;
  const top = below + card.offsetHeight > innerHeight && above > 0 ? above : below;
  const widest = document.documentElement.clientWidth - card.offsetWidth - GAP;
  card.style.left = `${Math.max(GAP, Math.min(lines[0].left, widest)) + scrollX}px`;
  card.style.top = `${top + scrollY}px`;
}

function hide() {
  clearTimeout(timer);
  shown?.card.hidePopover();
  shown = null;
}

function show(link) {
  clearTimeout(timer);
  if (shown?.link === link) return;
  hide();
  const card = cardOf(link);
  if (!card) return;
  card.showPopover();
  place(link, card);
  shown = { link, card };
}

function later(action, wait) {
  clearTimeout(timer);
  timer = setTimeout(action, wait);
}

function listen() {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkAt(event);
    if (link) later(() => show(link), SHOW_AFTER);
    else if (shown && cardAt(event) === shown.card) clearTimeout(timer);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "touch" && (linkAt(event) || cardAt(event))) later(hide, HIDE_AFTER);
  });
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (link?.matches(":focus-visible")) show(link);
  });
  document.addEventListener("focusout", (event) => {
    if (shown && event.target === shown.link && !shown.card.contains(event.relatedTarget)) hide();
  });
  document.addEventListener("pointerdown", (event) => {
    isTouch = event.pointerType === "touch";
    if (shown && linkAt(event) !== shown.link && cardAt(event) !== shown.card) hide();
  });
  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (!link || !isTouch || shown?.link === link) return;
    event.preventDefault();
    show(link);
  });
  document.addEventListener("keydown", (event) => {
    isTouch = false;
    if (event.key === "Escape") hide();
  });
  document.documentElement.dataset.terms = "ready";
}

if ("popover" in HTMLElement.prototype) listen();
