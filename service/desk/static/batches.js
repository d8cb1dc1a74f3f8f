// One batch as a card: how far it is, what it found, and what can be done with it.

import { element } from "./dom.js";
import { hues, paint } from "./palette.js";
import { currentLanguage, number, percent, say, sayLabel } from "./words.js";

const GOING = new Set(["validating", "in_progress", "finalizing", "cancelling"]);

/** Whether more is to come. */
export function isGoing(batch) {
  return GOING.has(batch.status);
}

/**
 * The card of a batch.
 * @param {(name: "cancel", batch: object) => void} act
 * @param {(fileId: string, event: Event) => void} download
 */
export function card(batch, act, download) {
  const said = element("div", {}, [
    heading(batch),
    element("p", { class: "quiet", text: about(batch) }),
    ...bar(batch),
    element("p", { text: counts(batch.request_counts) }),
    ...why(batch),
    actions(batch, act, download),
  ]);
  const made = element("li", { class: `batch ${isGoing(batch) ? "going" : batch.status}` }, [said, chart(batch.labels)]);
  made.dataset.batch = batch.id;
  return made;
}

function heading({ filename, status }) {
  return element("h2", {}, [filename, element("span", { class: "badge", text: say(`jobs.status.${status}`, {}, status) })]);
}

function about({ created_at: created, endpoint, model, id }) {
  const time = new Date(created * 1000).toLocaleString(currentLanguage() === "zh" ? "zh-CN" : "en");
  return say("jobs.about", { time, endpoint, model, id });
}

function counts({ total, completed, failed }) {
  const told = { total: number(total), completed: number(completed), failed: number(failed) };
  return say(total === 1 ? "jobs.counts.one" : "jobs.counts", told);
}

function bar(batch) {
  if (!isGoing(batch)) return [];
  const made = element("progress");
  made.setAttribute("aria-label", say("jobs.progress", { name: batch.filename }));
  const { total, completed, failed } = batch.request_counts;
  if (total > 0) Object.assign(made, { max: total, value: completed + failed });
  return [made];
}

function why({ errors }) {
  return (errors?.data ?? []).map(({ message }) => {
    const made = element("p", { class: "why", text: message });
    made.lang = "en"; // the service gives its reasons in English
    return made;
  });
}

function actions(batch, act, download) {
  const made = [
    batch.output_file_id && link(batch.output_file_id, "jobs.output", download),
    batch.error_file_id && link(batch.error_file_id, "jobs.errors", download),
    isGoing(batch) && batch.status !== "cancelling" && button("cancel", batch, act),
  ];
  return element("div", { class: "actions" }, made.filter(Boolean));
}

function link(fileId, key, download) {
  const made = element("a", { text: say(key) });
  made.href = new URL(`../v1/files/${fileId}/content`, import.meta.url).href;
  made.download = "";
  made.addEventListener("click", (event) => download(fileId, event));
  return made;
}

function button(name, batch, act) {
  const made = element("button", { text: say(`jobs.${name}`) });
  made.type = "button";
  made.dataset.act = name;
  made.setAttribute("aria-label", `${say(`jobs.${name}`)}: ${batch.filename}`);
  made.addEventListener("click", () => act(name, batch));
  return made;
}

/** How many sections got which label, as bars. */
function chart(labels) {
  const ordered = Object.entries(labels).sort((one, other) => other[1] - one[1]);
  const all = ordered.reduce((sum, [, count]) => sum + count, 0);
  const palette = hues(ordered.map(([label]) => label));
  const rows = ordered.map(([label, count]) => share(label, count, all, palette));
  const made = element("ul", { class: "bars chart" }, rows);
  made.setAttribute("aria-label", say("jobs.labels"));
  return made;
}

function share(label, count, all, palette) {
  const fill = element("span", { class: "fill" });
  fill.style.setProperty("--share", String(count / all));
  const row = element("li", {}, [
    element("span", { class: "name", text: sayLabel(label) }),
    element("span", { class: "probability", text: `${number(count)} · ${percent(count / all)}` }),
    element("span", { class: "track" }, [fill]),
  ]);
  paint(row, label, palette);
  return row;
}
