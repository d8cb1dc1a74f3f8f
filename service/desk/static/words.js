// What the desk says, in the language that is chosen.

const STORE = "lanmu.language";
const TAGS = { zh: "zh-CN", en: "en" };
const SPOKEN = await (await fetch(new URL("words.json", import.meta.url))).json();

let language = remembered() ?? document.documentElement.dataset.language;

/** The words of a key, with `{name}` replaced from `values`; the fallback where the key is unknown. */
export function say(key, values = {}, fallback = key) {
  const words = SPOKEN[language][key] ?? fallback;
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export function sayLabel(label) {
  return label === "abstained" ? say("abstained") : say(`label.${label}`, {}, label);
}

/** A probability as a whole percentage; the ends are kept open, since nothing is certain. */
export function percent(probability) {
  if (probability > 0 && probability < 0.01) return "<1%";
  if (probability < 1 && probability > 0.99) return ">99%";
  return `${Math.round(probability * 100)}%`;
}

export function number(value, digits = 0) {
  return value.toLocaleString(TAGS[language], { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function currentLanguage() {
  return language;
}

/** Speaks a language from now on, and remembers it. */
export function speak(chosen) {
  language = chosen;
  remember(chosen);
  sayPage();
}

/** Puts the words into every element that names a key. */
export function sayPage() {
  document.documentElement.lang = TAGS[language];
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
  }
  for (const element of document.querySelectorAll("[data-say-placeholder]")) {
    element.placeholder = say(element.dataset.sayPlaceholder);
  }
}

function remembered() {
  try {
    const stored = localStorage.getItem(STORE);
    return Object.hasOwn(TAGS, stored) ? stored : null;
  } catch {
    return null; // a browser that refuses storage still speaks the server's choice
  }
}

function remember(chosen) {
  try {
    localStorage.setItem(STORE, chosen);
  } catch {
    // refused: the choice holds until the page is left
  }
}
