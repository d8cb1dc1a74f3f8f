// What a section shows when it is opened: why it has its label.

import { element } from "./dom.js";
import { paint } from "./palette.js";
import { number, percent, say, sayLabel } from "./words.js";

const WORDS_SHOWN = 12;

/** The details of one section, as an element. */
export function details(section, palette) {
  return element("div", { class: "details" }, [
    ...reason(section),
    part("probabilities", bars(section.probabilities, palette)),
    part("evidence", evidence(section.evidence ?? [], palette)),
    facts(section),
  ]);
}

function part(key, content) {
  return element("div", {}, [element("h3", { text: say(key) }), content]);
}

function reason(section) {
  if (!section.abstain_reason) return [];
  const key = `reason.${section.abstain_reason}`;
  return [element("p", { class: "reason", text: say(key, {}, section.abstain_reason) })];
}

function bars(probabilities, palette) {
  const ordered = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
  return element("ul", { class: "bars" }, ordered.map(([label, probability]) => bar(label, probability, palette)));
}

function bar(label, probability, palette) {
  const fill = element("span", { class: "fill" });
  fill.style.setProperty("--share", String(probability));
  const row = element("li", {}, [
    element("span", { class: "name", text: sayLabel(label) }),
    element("span", { class: "probability", text: percent(probability) }),
    element("span", { class: "track" }, [fill]),
  ]);
  paint(row, label, palette);
  return row;
}

function evidence(words, palette) {
  if (words.length === 0) return element("p", { class: "quiet", text: say("evidence.none") });
  const strongest = together(words).slice(0, WORDS_SHOWN);
  return element("ul", { class: "evidence" }, strongest.map((word) => decided(word, palette)));
}

/** A word that occurs several times as one, its weights added; strongest first. */
function together(words) {
  const found = new Map();
  for (const { text, label, weight } of words) {
    const key = `${label} ${text}`;
    const before = found.get(key) ?? { text, label, weight: 0, times: 0 };
    found.set(key, { ...before, weight: before.weight + weight, times: before.times + 1 });
  }
  return [...found.values()].sort((a, b) => b.weight - a.weight);
}

function decided({ text, label, weight, times }, palette) {
  const word = element("span", { class: "word", text: text.trim() });
  word.lang = "zh";
  const item = element("li", {}, [
    element("span", {}, [word, element("span", { class: "times", text: times > 1 ? ` ×${times}` : "" })]),
    element("span", { class: "towards", text: sayLabel(label) }),
    element("span", { class: "weight", text: `${weight < 0 ? "−" : "+"}${number(Math.abs(weight), 2)}` }),
  ]);
  paint(item, label, palette);
  return item;
}

function facts(section) {
  const list = element("dl");
  const add = (key, text) => list.append(element("dt", { text: say(key) }), element("dd", { text }));
  if (section.suggestion) add("suggestion", say(`suggestion.${section.suggestion}`, {}, section.suggestion));
  if (section.kind) add("kind", say(`kind.${section.kind}`, {}, section.kind));
  add("place", say("place.value", { start: number(section.start), end: number(section.end) }));
  return list;
}
