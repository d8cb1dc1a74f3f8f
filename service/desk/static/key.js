// Asks for the service's key.

/**
 * Opens the dialog and waits for it to close.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string | null>} the key, null when the person cancelled
 */
export function askForKey(dialog) {
  const field = dialog.querySelector("input");
  field.value = "";
  dialog.returnValue = "cancel"; // what Escape leaves
  dialog.showModal();
  field.focus();
  return new Promise((resolve) => {
    const closed = () => {
      resolve(dialog.returnValue === "use" ? field.value.trim() : null);
      field.value = "";
    };
    dialog.addEventListener("close", closed, { once: true });
  });
}
