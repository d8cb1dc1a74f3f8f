// The desk: a page goes in, its labelled sections come out.

import { Answer } from "./answer.js";
import { Problem, labelFile, labelText } from "./api.js";
import { at } from "./dom.js";
import { EXAMPLE } from "./example.js";
import { withKey } from "./key.js";
import { showLegend } from "./legend.js";
import { offerLanguages, takeDropped } from "./page.js";
import { showProblem } from "./problem.js";
import { SectionList } from "./sections.js";
import { showStrip } from "./strip.js";
import { number, say } from "./words.js";

const HTML_START = /^\s*<(!doctype|html|head|body)\b/i;
const list = new SectionList(at("sections"));
const shown = { answer: null, label: null, problem: null, status: () => "" };
let file = null; // the file that stands in for the pasted text
let others = 0; // how many more files were dropped with it
let busy = false;

async function label() {
  if (busy) return;
  const text = at("page").value;
  if (!file && text.trim() === "") return tell(() => say("empty"));
  setBusy(true);
  complain(null);
  tell(() => say("labelling"));
  let began = 0;
  const call = () => {
    began = performance.now();
    return file ? labelFile(file) : labelText(text, form());
  };
  try {
    const json = await withKey(at("key"), call);
    showAnswer(new Answer(json, text, performance.now() - began));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(() => "");
    complain(problem);
    showResults(false); // an older result would look like this page's
  } finally {
    setBusy(false);
  }
}

function showAnswer(answer) {
  shown.answer = answer;
  shown.label = null;
  const none = answer.sections.length === 0;
  showResults(!none);
  tell(() => (none ? say("none.found") : ""));
  if (none) return;
  list.show(answer);
  showAround();
  at("results").focus({ preventScroll: true });
  at("results").scrollIntoView({ block: "start" });
}

function showResults(now) {
  at("results").hidden = !now;
  at("skip").hidden = !now;
}

/** Everything of the result but the sections themselves. */
function showAround() {
  const { answer } = shown;
  at("summary").textContent = say("summary", {
    sections: number(answer.sections.length),
    characters: number(answer.offsets.length),
    model: answer.json.model,
    milliseconds: number(answer.milliseconds),
  });
  showStrip(at("strip"), answer, reveal);
  filter(shown.label);
}

function filter(chosen) {
  const held = at("legend").contains(document.activeElement);
  shown.label = chosen;
  const count = list.filter(chosen);
  showLegend(at("legend"), shown.answer, chosen, filter);
  at("shown").textContent = say("shown", { shown: number(count), all: number(shown.answer.sections.length) });
  if (held) at("legend").querySelector("[aria-pressed='true']").focus();
}

function reveal(index) {
  filter(null);
  list.reveal(index);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(JSON.stringify(shown.answer.json, null, 2));
    tell(() => say("copied"));
  } catch {
    tell(() => say("copy.failed")); // refused, or the desk is not on https or loopback
  }
}

/** Takes a file to label in place of the text; null goes back to the text. */
function take(chosen, beside = 0) {
  if (busy) return;
  file = chosen;
  others = beside;
  at("file").hidden = !file;
  sayFile();
  if (!file) return;
  at("page").value = "";
  label();
}

function sayFile() {
  const read = file ? say("file", { name: file.name, size: number(file.size) }) : "";
  at("file").textContent = others > 0 ? `${read} ${say("file.one")}` : read;
}

function write(text) {
  take(null);
  at("page").value = text;
  at("page").setSelectionRange(0, 0);
  at("page").focus();
  at("input").elements.form.value = "page";
}

/** A pasted document is read as HTML without asking; the choice stays open. */
function typed() {
  take(null);
  if (HTML_START.test(at("page").value)) at("input").elements.form.value = "html";
}

function form() {
  return at("input").elements.form.value;
}

function tell(words) {
  shown.status = words;
  at("status").textContent = words();
}

function complain(problem) {
  shown.problem = problem;
  showProblem(at("problem"), problem);
}

function setBusy(now) {
  busy = now;
  at("label").setAttribute("aria-disabled", String(now));
  at("results").setAttribute("aria-busy", String(now));
}

/** What depends on what was asked and answered, in the current language. */
function sayRest() {
  sayFile();
  tell(shown.status);
  complain(shown.problem);
  if (!shown.answer || at("results").hidden) return;
  list.show(shown.answer, list.opened());
  showAround();
}

function listen() {
  const on = (id, type, listener) => at(id).addEventListener(type, listener);
  on("input", "submit", (event) => (event.preventDefault(), label()));
  on("page", "keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && label());
  on("page", "input", typed);
  on("choose", "click", () => at("chosen").click());
  on("chosen", "change", (event) => (take(event.target.files[0] ?? null), (event.target.value = "")));
  on("example", "click", () => write(EXAMPLE));
  on("clear", "click", () => write(""));
  on("copy", "click", copy);
  takeDropped(([first, ...others]) => take(first, others.length));
}

offerLanguages(sayRest);
listen();
document.documentElement.dataset.ready = "true";
