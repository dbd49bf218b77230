// Going back, a browser fills the builder in as it was left, without a change event: the live count is asked for again.
addEventListener("pageshow", () => {
  const narrowing = document.getElementById("narrowing");
  const isRestored = [...narrowing.querySelectorAll("input")].some((box) => box.checked !== box.defaultChecked);
  if (isRestored) narrowing.dispatchEvent(new Event("change"));
});
