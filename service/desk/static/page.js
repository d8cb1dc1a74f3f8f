// What the pages have in common: the language that a person chooses, and files that they drop.

import { at } from "./dom.js";
import { currentLanguage, sayPage, speak } from "./words.js";

/** Says the page in the current language, and again at each choice of another; `sayRest` says what has no key in the page. */
export function offerLanguages(sayRest) {
  for (const button of languageButtons()) {
    button.addEventListener("click", () => {
      speak(button.dataset.language);
      showLanguage();
      sayRest();
    });
  }
  sayPage();
  showLanguage();
}

/** Takes files wherever on the page they are dropped; `#input` shows that it would. */
export function takeDropped(take) {
  const over = (now) => at("input").classList.toggle("over", now);
  document.addEventListener("dragover", (event) => (event.preventDefault(), over(true)));
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && over(false));
  document.addEventListener("drop", (event) => {
    event.preventDefault(); // or the browser leaves the page to show the file
    over(false);
    const { files } = event.dataTransfer;
    if (files.length > 0) take(files);
  });
}

/** Marks the language that is spoken; the other pages are asked for in it, too. */
function showLanguage() {
  for (const button of languageButtons()) {
    button.setAttribute("aria-pressed", String(button.dataset.language === currentLanguage()));
  }
  for (const link of document.querySelectorAll(".masthead nav a")) link.search = `?lang=${currentLanguage()}`;
}

function languageButtons() {
  return document.querySelectorAll("button[data-language]");
}
