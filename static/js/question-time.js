// Counts the seconds a question is really on screen into its hidden field, on top of what the server knows already.
setInterval(() => {
  const field = document.querySelector("[data-question] [name=seconds]");
  if (field && document.visibilityState === "visible") field.value = Number(field.value || 0) + 1;
}, 1000);
