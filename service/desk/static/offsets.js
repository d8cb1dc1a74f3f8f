// The service counts in code points, JavaScript in UTF-16 units: an astral character is one there and two here.

export class Offsets {
  /** @param {string} text the text that the service's offsets point into */
  constructor(text) {
    this.text = text;
    this.astral = []; // where the two-unit characters stand, in code points
    this.length = 0; // of the text, in code points
    for (let unit = 0; unit < text.length; this.length += 1) {
      const wide = text.codePointAt(unit) > 0xffff;
      if (wide) this.astral.push(this.length);
      unit += wide ? 2 : 1;
    }
  }

  /** The UTF-16 offset of a code point offset. */
  units(offset) {
    return offset + countBelow(this.astral, offset);
  }

  /** The text between two code point offsets, end exclusive. */
  slice(start, end) {
    return this.text.slice(this.units(start), this.units(end));
  }
}

/** How many of the ascending numbers are below the limit. */
function countBelow(numbers, limit) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
