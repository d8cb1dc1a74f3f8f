// Cuts a stretch of text at the edges of its evidence, so that every piece has one strongest word or none.

/**
 * @param {number} start in code points
 * @param {number} end in code points, exclusive
 * @param {{start: number, end: number}[]} evidence strongest first; pieces of it may overlap
 * @returns {{start: number, end: number, evidence: object | null}[]} pieces that cover start to end in order
 */
export function cut(start, end, evidence) {
  const inside = evidence.filter((word) => word.start < end && word.end > start);
  const edges = new Set([start, end]);
  for (const word of inside) {
    edges.add(Math.max(start, word.start));
    edges.add(Math.min(end, word.end));
  }
  const ordered = [...edges].sort((a, b) => a - b);
  return joined(ordered.slice(1).map((to, index) => piece(ordered[index], to, inside)));
}

function piece(start, end, evidence) {
  const strongest = evidence.find((word) => word.start <= start && word.end >= end);
  return { start, end, evidence: strongest ?? null };
}

/** Neighbours with the same evidence as one piece: a weaker word inside a stronger one must not split it. */
function joined(pieces) {
  const result = [];
  for (const next of pieces) {
    const last = result.at(-1);
    if (last && last.evidence === next.evidence) last.end = next.end;
    else result.push(next);
  }
  return result;
}
