// "Add" beside a found question puts its code into the assignment's list of codes. Hidden until this script runs.

const codes = document.querySelector("[name='question_codes']");
const found = document.getElementById("found");

function showButtons() {
  for (const button of found.querySelectorAll("[data-question-code]")) {
    button.hidden = false;
    button.disabled = chosen().includes(button.dataset.questionCode);
  }
}

function chosen() {
  return codes.value.split(/[\s,;]+/).filter(Boolean);
}

found.addEventListener("click", (event) => {
  const button = event.target.closest("[data-question-code]");
  if (!button) return;
  codes.value = [...chosen(), button.dataset.questionCode].join("\n");
  button.disabled = true;
});

found.addEventListener("htmx:afterSwap", showButtons);
