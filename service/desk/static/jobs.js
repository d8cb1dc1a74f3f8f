// The page of batches: a file in, answers out, and how far each batch is.

import { Problem, get, hasKey, download as fetchFile, send, upload } from "./api.js";
import { card, isGoing } from "./batches.js";
import { at } from "./dom.js";
import { withKey } from "./key.js";
import { offerLanguages, takeDropped } from "./page.js";
import { showProblem } from "./problem.js";
import { number, say } from "./words.js";

const POLL_MS = 1000;
const PAGE = 20;
const SNIFFED = 65536; // bytes of a file that are looked at to tell what it holds
const TABLE = /\.(csv|parquet)(\.gz|\.zst)?$/i;

let file = null;
let batches = [];
let hasMore = false;
let shownPages = 1;
let told = () => "";
let problem = null;

/** Reads the newest batches, as many as are shown. */
async function load() {
  let found = [];
  let page = { has_more: true, last_id: null };
  for (let number = 0; number < shownPages && page.has_more; number += 1) {
    const after = page.last_id ? `&after=${page.last_id}` : "";
    page = await get(`v1/batches?limit=${PAGE}${after}`);
    found = [...found, ...page.data];
  }
  batches = found;
  hasMore = page.has_more;
  show();
}

function show() {
  const focused = document.activeElement?.closest?.("[data-batch]")?.dataset.batch;
  const act = document.activeElement?.dataset?.act;
  at("batches").replaceChildren(...batches.map((batch) => card(batch, cancel, download)));
  at("more").hidden = !hasMore;
  at("status").textContent = told() || (batches.length === 0 ? say("jobs.none") : "");
  if (focused && act) at("batches").querySelector(`[data-batch="${focused}"] [data-act="${act}"]`)?.focus();
}

/** Takes a file, and guesses what it holds by its name and its first line; the person may know better. */
async function take(chosen) {
  file = chosen ?? null;
  sayFile();
  at("start").disabled = !file;
  if (!file) return;
  at("holds").value = await guess(file);
  showOptions();
}

async function guess(chosen) {
  if (TABLE.test(chosen.name)) return "records";
  const [first] = (await chosen.slice(0, SNIFFED).text()).trimStart().split("\n", 1);
  try {
    const { custom_id: id, url } = JSON.parse(first);
    if (id !== undefined) return url === "/v1/classify" ? url : "/v1/moderations";
  } catch {
    // packed, or a broken first line
  }
  return "records";
}

function sayFile() {
  at("file").classList.toggle("named", Boolean(file));
  at("file").textContent = file ? say("file", { name: file.name, size: number(file.size) }) : say("jobs.take");
}

function showOptions() {
  const ofRecords = at("holds").value === "records";
  for (const label of document.querySelectorAll(".of-records")) label.hidden = !ofRecords;
}

/** What is asked for, in the words of POST /v1/batches. */
function order() {
  const holds = at("holds").value;
  if (holds !== "records") return { endpoint: holds };
  const format = at("format").value;
  return { endpoint: "/v1/classify", records: { answers: at("answers").value, ...(format && { format }) } };
}

async function start() {
  if (!file || at("start").getAttribute("aria-disabled") === "true") return;
  at("start").setAttribute("aria-disabled", "true");
  at("sent").hidden = false;
  await tried(async () => {
    const taken = file;
    told = () => say("jobs.sending", { name: taken.name });
    show();
    const kept = await withKey(at("key"), () => upload(taken, (share) => (at("sent").value = share)));
    await withKey(at("key"), () => send("POST", "v1/batches", { input_file_id: kept.id, ...order() }));
    told = () => say("jobs.started", { name: taken.name });
    await take(null);
    await load();
  });
  at("sent").hidden = true;
  at("start").removeAttribute("aria-disabled");
}

async function cancel(_, batch) {
  await tried(async () => {
    await withKey(at("key"), () => send("POST", `v1/batches/${batch.id}/cancel`, {}));
    told = () => (goes(batch.id) ? say("jobs.cancelled", { name: batch.filename }) : "");
    await load();
  });
}

/** Whether a batch was not over when it was looked at last. */
function goes(id) {
  return batches.some((batch) => batch.id === id && isGoing(batch));
}

/** A link is enough where no key is needed; else the file is fetched with it. */
async function download(fileId, event) {
  if (!hasKey()) return;
  event.preventDefault();
  await tried(async () => {
    const { filename } = await get(`v1/files/${fileId}`);
    const content = URL.createObjectURL(await fetchFile(`v1/files/${fileId}/content`));
    const link = Object.assign(document.createElement("a"), { href: content, download: filename });
    link.click();
    setTimeout(() => URL.revokeObjectURL(content), 60_000);
  });
}

async function tried(work) {
  try {
    await work();
    complain(null);
  } catch (found) {
    if (!(found instanceof Problem)) throw found;
    told = () => "";
    complain(found);
    show();
  }
}

function complain(found) {
  problem = found;
  showProblem(at("problem"), problem);
}

async function watch() {
  if (document.hidden || !batches.some(isGoing)) return;
  try {
    await load();
  } catch (found) {
    if (!(found instanceof Problem)) throw found; // the next look tells more
  }
}

function sayRest() {
  sayFile();
  complain(problem);
  show();
}

function listen() {
  const on = (id, type, listener) => at(id).addEventListener(type, listener);
  on("input", "submit", (event) => (event.preventDefault(), start()));
  on("choose", "click", () => at("chosen").click());
  on("chosen", "change", (event) => (take(event.target.files[0]), (event.target.value = "")));
  on("holds", "change", showOptions);
  on("more", "click", () => ((shownPages += 1), tried(load)));
  takeDropped(([first]) => take(first));
}

offerLanguages(sayRest);
sayFile();
listen();
await tried(() => withKey(at("key"), load));
document.querySelector("main").setAttribute("aria-busy", "false");
document.documentElement.dataset.ready = "true";
setInterval(watch, POLL_MS);
