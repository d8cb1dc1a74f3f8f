// The page of versions: what answers, how good each version is, and the buttons that change it.

import { Problem, get, send } from "./api.js";
import { at, element } from "./dom.js";
import { withKey } from "./key.js";
import { offerLanguages } from "./page.js";
import { plot } from "./plot.js";
import { showProblem } from "./problem.js";
import { showDrift, showHistory, showShadow, showVersions } from "./tables.js";
import { say } from "./words.js";

const FIGURES = ["four_way", "forced", "right"];
const POLL_MS = 2000;
const GOING = new Set(["queued", "running"]);
let state = null;
let told = () => "";
let problem = null;
let trained = false; // whether a training ran when it was last looked

async function load() {
  try {
    const call = (path) => withKey(at("key"), () => get(path));
    const { models, comparisons } = await call("v1/models");
    state = { models, comparisons, ...(await call("v1/models/history")), ready: await ready() };
    state.drift = await optional("v1/models/drift");
    state.shadow = await optional("v1/models/shadow");
    complain(null);
    show();
  } catch (found) {
    fail(found);
  }
  document.querySelector("main").setAttribute("aria-busy", "false");
}

/** What is shown where the key allows it and there is something to show. */
async function optional(path) {
  try {
    return await get(path);
  } catch (found) {
    if (found instanceof Problem) return null;
    throw found;
  }
}

/** Readiness is told with 503, too. */
async function ready() {
  try {
    return await get("readyz");
  } catch (found) {
    if (found instanceof Problem) return found.details;
    throw found;
  }
}

function show() {
  showVersions(at("versions"), state, act);
  showHistory(at("history"), state.history);
  showQuality();
  section("drift", state.drift, () => showDrift(at("drift-note"), at("drift"), state.drift));
  section("shadow", state.shadow, () => showShadow(at("shadow-note"), at("shadow"), state.shadow));
  at("unshadow").hidden = !state.shadow?.shadow;
  at("rollback").disabled = !state.history.some((change) => change.previous !== null);
  at("status").textContent = `${told()} ${serving()}`.trim();
}

function section(id, found, fill) {
  at(id).closest("section").hidden = found === null;
  if (found !== null) fill();
}

function serving() {
  const { model, workers = [], checks = {} } = state.ready;
  if (!model) return `${say("models.none")} ${checks.model ?? ""}`;
  const trouble = checks.champion && checks.champion !== "ok" ? ` ${say("models.degraded", { reason: checks.champion })}` : "";
  return say("models.serving", { version: model, workers: workers.length }) + trouble;
}

function showQuality() {
  const measured = state.models.filter((each) => each.metadata.metrics?.in_page);
  at("quality").closest("section").hidden = measured.length === 0;
  if (measured.length === 0) return;
  const lines = FIGURES.map((key) => ({
    name: say(`metric.${key}`),
    values: measured.map((each) => each.metadata.metrics.in_page[key] ?? null),
  }));
  const places = measured.map((each) => ({ name: each.version, strong: each.champion }));
  const legend = lines.map((line, number) => element("li", { class: `line-${number}`, text: line.name }));
  at("quality").replaceChildren(plot(say("models.quality"), lines, places), element("ul", { class: "lines" }, legend));
}

const CALLS = {
  promote: ({ version }, body) => send("POST", `v1/models/${encodeURIComponent(version)}/promote`, body),
  rollback: (_, { why }) => send("POST", "v1/models/rollback", { why }),
  shadow: ({ version }, { why }) => send("PUT", "v1/models/shadow", { version, why }),
  unshadow: () => send("DELETE", "v1/models/shadow", {}),
};

/** Asks the person, then the service. */
async function act(name, each) {
  const body = await confirmed(name, each);
  if (!body) return;
  try {
    const answer = await withKey(at("key"), () => CALLS[name](each, body));
    const done = name === "rollback" ? "promote" : name;
    const version = answer.champion ?? each.version;
    told = () => say(answer.serving === false ? "done.later" : `done.${done}`, { version });
    await load();
  } catch (found) {
    fail(found);
  }
}

/** What the person decides: a reason and whether to force; null where they cancel. */
function confirmed(name, each) {
  const dialog = at("confirm");
  at("confirm-title").textContent = say(`confirm.${name}`, { version: each.version ?? "" });
  const objection = name === "promote" ? each.objection : null;
  at("objection").hidden = at("forcing").hidden = !objection;
  at("objection").textContent = objection ? say("confirm.objection", { reason: objection }) : "";
  at("force").checked = false;
  at("force").required = Boolean(objection);
  const asks = name !== "unshadow";
  at("why").hidden = dialog.querySelector("label[for=why]").hidden = !asks;
  at("why").required = asks;
  at("why").value = "";
  dialog.returnValue = "no"; // what Escape leaves
  dialog.showModal();
  return new Promise((resolve) => {
    const closed = () => resolve(dialog.returnValue === "yes" ? { why: at("why").value.trim(), ...(objection && { force: true }) } : null);
    dialog.addEventListener("close", closed, { once: true });
  });
}

/** Looks whether a training runs; one that ended has made a version. */
async function watchTraining() {
  if (document.hidden) return;
  const answer = await optional("v1/trainings");
  if (answer === null) return clearInterval(watching); // the key may not look, or the service is gone
  const running = answer.trainings.find((each) => GOING.has(each.state));
  at("training").hidden = !running;
  if (running) showTraining(running);
  if (trained && !running) await load();
  trained = Boolean(running);
}

function showTraining({ stage, done, total }) {
  const bar = at("progress");
  at("stage").textContent = stage ? say("models.training.value", { stage, done: done ?? 0, total: total ?? "?" }) : say("models.training.queued");
  if (total) Object.assign(bar, { max: total, value: done ?? 0 });
  else bar.removeAttribute("value");
}

function fail(found) {
  if (!(found instanceof Problem)) throw found;
  complain(found);
}

function complain(found) {
  problem = found;
  showProblem(at("problem"), problem);
}

function sayRest() {
  complain(problem);
  if (state) show();
}

offerLanguages(sayRest);
at("rollback").addEventListener("click", () => act("rollback", {}));
at("unshadow").addEventListener("click", () => act("unshadow", {}));
at("status").textContent = say("models.loading");
await load();
document.documentElement.dataset.ready = "true";
const watching = setInterval(watchTraining, POLL_MS);
await watchTraining();
