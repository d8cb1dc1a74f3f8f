// The labels with their counts; pressing one shows only its sections.

import { element } from "./dom.js";
import { paint } from "./palette.js";
import { number, say, sayLabel } from "./words.js";

/**
 * Fills the legend.
 * @param {HTMLElement} legend
 * @param {(label: string | null) => void} choose called with the label to show, null for all
 */
export function showLegend(legend, answer, chosen, choose) {
  const all = button(say("all"), answer.sections.length, chosen === null, () => choose(null));
  const each = [...answer.counts()].map(([label, count]) => {
    const made = button(sayLabel(label), count, chosen === label, () => choose(label));
    made.prepend(element("span", { class: "swatch" }));
    made.disabled = count === 0;
    made.dataset.label = label;
    paint(made, label, answer.palette);
    return made;
  });
  legend.replaceChildren(all, ...each);
}

function button(name, count, pressed, press) {
  const made = element("button", {}, [
    element("span", { class: "name", text: name }),
    element("span", { class: "count", text: number(count) }),
  ]);
  made.type = "button";
  made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", press);
  return made;
}
