// One hue per label. Lightness and chroma are set in desk.css, so every hue has the same contrast in both schemes.

export const KNOWN = { tech_analysis: 250, opinion: 45, recommendation_teaser: 155 };
const NEUTRAL = new Set(["none", "abstained"]);
const STEP = 15;

/**
 * The hues of an answer's labels. Labels that users trained get the hue furthest from those taken.
 * @param {string[]} labels
 * @returns {Map<string, number>} label → degrees
 */
export function hues(labels) {
  const found = new Map(Object.entries(KNOWN));
  for (const label of [...labels].sort()) {
    if (!found.has(label) && !NEUTRAL.has(label)) found.set(label, furthest([...found.values()]));
  }
  return found;
}

/** Gives an element its label's colour; a label without a hue (abstained, none) stays grey. */
export function paint(element, label, palette) {
  element.classList.add("labelled");
  const hue = palette.get(label);
  if (hue === undefined) element.classList.add("neutral");
  else element.style.setProperty("--hue", String(hue));
}

function furthest(taken) {
  const distance = (hue) => Math.min(...taken.map((other) => 180 - Math.abs(180 - Math.abs(hue - other))));
  let best = 0;
  for (let hue = STEP; hue < 360; hue += STEP) if (distance(hue) > distance(best)) best = hue;
  return best;
}
