// <a href="/somewhere/" data-dialog="id"> opens <dialog id="id">; without this module the link is followed.
// A button with data-dialog-close inside the dialog closes it, and so does a press on the backdrop.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    closer.closest("dialog").close();
  } else if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) {
    event.target.close();
  }
});

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
