// The time-zone field: a search that narrows its list, and a button for the zone this device is set to.
for (const box of document.querySelectorAll("[data-time-zone]")) {
  const select = box.querySelector("select");
  const search = box.querySelector("[data-time-zone-search]");
  const status = box.querySelector("[data-time-zone-status]");
  const button = box.querySelector("[data-time-zone-device]");
  const all = [...select.children];
  let chosen = select.value;

  const show = (groups) => select.replaceChildren(...groups);

  const matching = (words) =>
    all.flatMap((group) => {
      const fits = (option) => {
        const text = `${group.label} ${option.text} ${option.value}`.toLowerCase();
        return words.every((word) => text.includes(word));
      };
      const narrowed = group.cloneNode();
      narrowed.append(...[...group.children].filter(fits).map((option) => option.cloneNode(true)));
      return narrowed.children.length ? [narrowed] : [];
    });

  const narrow = () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const groups = words.length ? matching(words) : all;
    show(groups.length ? groups : all);
    // The first match is chosen, unless what was chosen before still is among them.
    if (!groups.length || [...select.options].some((option) => option.value === chosen)) select.value = chosen;
    const count = select.options.length;
    if (!words.length) status.textContent = "";
    else if (!groups.length) status.textContent = "No time zone matches. Try the largest city near you.";
    else status.textContent = `${count === 1 ? "1 time zone matches" : `${count} time zones match`}, shown in the list above.`;
  };

  search.addEventListener("input", narrow);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // Enter takes what is shown; the form is sent from its button.
    event.preventDefault();
    chosen = select.value;
    select.focus();
  });
  select.addEventListener("change", () => {
    chosen = select.value;
  });

  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!device) {
    button.hidden = true;
    continue;
  }
  box.querySelector("[data-time-zone-name]").textContent = `(${device})`;
  button.addEventListener("click", () => {
    search.value = "";
    show(all);
    if (![...select.options].some((option) => option.value === device)) select.add(new Option(device, device), 0);
    select.value = chosen = device;
    status.textContent = `${device} is chosen. It counts once you save.`;
    select.focus();
  });
}
