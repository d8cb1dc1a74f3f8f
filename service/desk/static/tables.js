// The models page's tables, filled from what the service answers.

import { element } from "./dom.js";
import { currentLanguage, number, say, sayLabel } from "./words.js";

const SHOWN = 50;

/** Fills a table: names of columns, then rows of cells (text or nodes). */
export function fill(table, heads, rows) {
  const head = element("tr", {}, heads.map((text) => element("th", { text })));
  for (const cell of head.children) cell.scope = "col";
  const body = rows.map((cells) => element("tr", {}, cells.map((cell) => element("td", {}, [cell ?? ""]))));
  table.replaceChildren(element("thead", {}, [head]), element("tbody", {}, body));
  table.hidden = rows.length === 0;
}

export function showVersions(table, state, act) {
  const heads = ["version", "created", "seeds"].map((key) => say(`models.${key}`));
  const figures = ["four_way", "forced", "right", "ece"].map((key) => say(`metric.${key}`));
  const champion = state.models.find((each) => each.champion)?.version;
  const rows = [...state.models].reverse().map((each) => [
    named(each),
    moment(each.metadata.created),
    count(each.metadata.corpus?.sections),
    ...["four_way", "forced", "right", "ece"].map((key) => figure(each.metadata.metrics?.in_page?.[key])),
    verdict(each),
    actions(each, champion, state.comparisons, act),
  ]);
  fill(table, [...heads, ...figures, say("models.verdict"), say("models.actions")], rows);
}

export function showHistory(table, history) {
  const rows = [...history].reverse().slice(0, SHOWN).map((change) => [
    moment(change.time),
    say(`action.${change.action}`, {}, change.action),
    change.previous ?? "–",
    change.version,
    change.who,
    change.why,
  ]);
  fill(table, ["time", "action", "from", "to", "who", "why"].map((key) => say(`history.${key}`)), rows);
}

export function showDrift(note, table, drift) {
  note.textContent = `${say("drift.note", { sections: number(drift.sections) })} ${judged(drift.distance)}`;
  const share = (value) => (value === null || value === undefined ? "–" : `${number(value * 100, 1)} %`);
  const rows = Object.keys(drift.expected).map((label) => [sayLabel(label), share(drift.expected[label]), share(drift.seen[label])]);
  rows.push([say("drift.unknown"), share(drift.unknown_expected), share(drift.unknown_seen)]);
  rows.push([say("drift.distance"), "", drift.distance === null ? "–" : number(drift.distance, 3)]);
  fill(table, ["label", "expected", "seen"].map((key) => say(`drift.${key}`)), rows);
}

export function showShadow(note, table, told) {
  note.textContent = told.shadow ? say("shadow.note", { ...told, version: told.shadow.version }) : say("shadow.none");
  const rows = told.latest.slice(0, SHOWN).map((each) => [
    moment(each.time),
    sayLabel(each.said),
    sayLabel(each.shadow_said),
    each.text ?? say("shadow.hash", { hash: each.sha256.slice(0, 12) }),
  ]);
  fill(table, [say("history.time"), say("shadow.said"), say("shadow.would"), say("shadow.text")], rows);
}

function judged(distance) {
  if (distance === null) return say("drift.few");
  return say(distance < 0.1 ? "drift.stable" : distance < 0.25 ? "drift.moved" : "drift.shifted");
}

function named(each) {
  const cell = element("span", {}, [element("strong", { text: each.version })]);
  if (each.champion) cell.append(" ", element("span", { class: "badge", text: say("models.champion") }));
  if (each.shadow) cell.append(" ", element("span", { class: "badge quiet", text: say("models.shadow") }));
  return cell;
}

function verdict({ verdict: found }) {
  if (!found) return say("verdict.none");
  const reasons = found.reasons ?? [];
  const name = say(found.passed ? "verdict.passed" : "verdict.refused");
  if (reasons.length === 0) return name;
  const list = element("ul", {}, reasons.map((text) => element("li", { text })));
  list.lang = "en"; // the gate gives its reasons in English
  return element("details", { class: found.passed ? "passed" : "refused" }, [element("summary", { text: name }), list]);
}

function actions(each, champion, comparisons, act) {
  const made = [link(each.version, null, say("act.report"))];
  if (comparisons.some(([first, second]) => first === champion && second === each.version)) {
    made.push(link(each.version, champion, say("act.compare")));
  }
  if (!each.champion) made.push(button("promote", each, act));
  if (!each.champion && !each.shadow) made.push(button("shadow", each, act));
  return element("span", { class: "acts" }, made);
}

function button(name, each, act) {
  const made = element("button", { text: say(`act.${name}`) });
  made.type = "button";
  made.dataset.act = name;
  made.dataset.version = each.version;
  made.setAttribute("aria-label", `${say(`act.${name}`)}: ${each.version}`);
  made.addEventListener("click", () => act(name, each));
  return made;
}

function link(version, against, text) {
  const made = element("a", { text });
  const query = new URLSearchParams({ version, ...(against && { against }), lang: currentLanguage() });
  made.href = `models/report?${query}`;
  made.setAttribute("aria-label", `${text}: ${version}`);
  return made;
}

function moment(time) {
  const found = new Date(time ?? NaN);
  return Number.isNaN(found.getTime()) ? "–" : found.toLocaleString(document.documentElement.lang);
}

function count(value) {
  return value === undefined ? "–" : number(value);
}

function figure(value) {
  return value === undefined ? "–" : number(value, 3);
}
