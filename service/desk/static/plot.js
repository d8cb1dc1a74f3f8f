// Figures over versions as lines in an SVG. Colours come from models.css, by the line's number.

const NAMESPACE = "http://www.w3.org/2000/svg";
const WIDTH = 640;
const HEIGHT = 240;
const LEFT = 44;
const BELOW = 26;
const STEPS = 4;

/**
 * Draws lines that share their places.
 * @param {string} title what a screen reader says of the plot
 * @param {{name: string, values: (number | null)[]}[]} lines
 * @param {{name: string, strong: boolean}[]} places along the bottom
 */
export function plot(title, lines, places) {
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null);
  const [low, high] = span(values);
  const across = (place) => LEFT + ((place + 0.5) * (WIDTH - LEFT)) / places.length;
  const up = (value) => HEIGHT - ((value - low) / (high - low)) * HEIGHT;
  const svg = made("svg", { viewBox: `0 -8 ${WIDTH} ${HEIGHT + BELOW + 8}`, role: "img", "aria-label": title, class: "plot" });
  for (let step = 0; step <= STEPS; step += 1) {
    const value = low + ((high - low) * step) / STEPS;
    svg.append(made("line", { x1: LEFT, x2: WIDTH, y1: up(value), y2: up(value), class: "grid" }));
    svg.append(made("text", { x: LEFT - 6, y: up(value) + 4, class: "up" }, value.toFixed(2)));
  }
  places.forEach(({ name, strong }, place) => {
    if (places.length > 8 && !strong) return;
    svg.append(made("text", { x: across(place), y: HEIGHT + 18, class: strong ? "across strong" : "across" }, name));
  });
  lines.forEach((line, number) => svg.append(...drawn(line, number, places, across, up)));
  return svg;
}

function drawn(line, number, places, across, up) {
  const dots = line.values.map((value, place) => ({ value, place })).filter(({ value }) => value !== null);
  const points = dots.map(({ value, place }) => `${across(place)},${up(value)}`).join(" ");
  return [
    made("polyline", { points, class: `line line-${number}` }),
    ...dots.map(({ value, place }) => {
      const dot = made("circle", { cx: across(place), cy: up(value), r: places[place].strong ? 6 : 3.5, class: `dot line-${number}` });
      dot.append(made("title", {}, `${places[place].name} · ${line.name}: ${value.toFixed(3)}`));
      return dot;
    }),
  ];
}

/** From a twentieth below the least to a twentieth above the largest, within 0 and 1. */
function span(values) {
  const low = Math.max(0, Math.floor(Math.min(...values) * 20 - 0.5) / 20);
  const high = Math.min(1, Math.ceil(Math.max(...values) * 20 + 0.5) / 20);
  return high > low ? [low, high] : [low, low + 0.05];
}

function made(name, attributes, text) {
  const found = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, String(value));
  if (text !== undefined) found.textContent = text;
  return found;
}
