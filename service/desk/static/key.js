// Asks for the service's key.

import { useKey } from "./api.js";

/** Calls the service, asking for a key as often as it wants another one and the person has one to give. */
export async function withKey(dialog, call) {
  for (;;) {
    try {
      return await call();
    } catch (problem) {
      const key = problem.status === 401 ? await askForKey(dialog) : null;
      if (!key) throw problem;
      useKey(key);
    }
  }
}

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
