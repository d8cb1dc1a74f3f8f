// The page at a glance: a band as long as the page, coloured by label. The list says the same to those who cannot see it.

import { labelOf } from "./answer.js";
import { element } from "./dom.js";
import { paint } from "./palette.js";
import { sayLabel } from "./words.js";

/** Fills the strip; `reveal` is called with the index of a run's first section. */
export function showStrip(strip, answer, reveal) {
  strip.replaceChildren(
    ...runs(answer.sections).map((run) => {
      const part = element("span");
      part.title = sayLabel(run.label);
      part.style.setProperty("--share", String(run.length));
      part.addEventListener("click", () => reveal(run.first));
      paint(part, run.label, answer.palette);
      return part;
    }),
  );
}

/** Neighbouring sections of one label, taken together. */
function runs(sections) {
  const found = [];
  sections.forEach((section, first) => {
    const label = labelOf(section);
    const length = section.end - section.start;
    const last = found.at(-1);
    if (last?.label === label) last.length += length;
    else found.push({ label, length, first });
  });
  return found;
}
