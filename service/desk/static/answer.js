// The service's answer, and what the desk asks of it.

import { Offsets } from "./offsets.js";
import { KNOWN, hues } from "./palette.js";

export const ABSTAINED = "abstained";

export class Answer {
  /**
   * @param {object} json what the service answered, kept as it is for copying
   * @param {string} sent the text that was sent; offsets point into the answer's own text where it has one
   * @param {number} milliseconds from sending to answer
   */
  constructor(json, sent, milliseconds) {
    this.json = json;
    this.milliseconds = milliseconds;
    this.offsets = new Offsets(json.text ?? sent);
    this.sections = json.sections;
    this.labels = ordered(new Set(this.sections.flatMap((section) => Object.keys(section.probabilities))));
    this.palette = hues(this.labels);
  }

  /** How many sections have each label, abstained last; labels that no section has are counted as 0. */
  counts() {
    const counts = new Map(this.labels.filter((label) => label !== "none").map((label) => [label, 0]));
    counts.set(ABSTAINED, 0);
    for (const section of this.sections) {
      const label = labelOf(section);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  }
}

/** The labels of the first model in their order, then those that users trained, by name. */
function ordered(labels) {
  const first = Object.keys(KNOWN).filter((label) => labels.has(label));
  return [...first, ...[...labels].filter((label) => !first.includes(label)).sort()];
}

/** A section's label, or `abstained`. */
export function labelOf(section) {
  return section.label ?? ABSTAINED;
}
