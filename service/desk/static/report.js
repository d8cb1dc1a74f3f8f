// Shows a version's report, or two versions side by side, in a frame that runs nothing.

import { Problem, getPage } from "./api.js";
import { at } from "./dom.js";
import { withKey } from "./key.js";
import { showProblem } from "./problem.js";
import { sayPage } from "./words.js";

const asked = new URLSearchParams(location.search);

async function show() {
  const version = asked.get("version") ?? "";
  const other = asked.get("against");
  at("of").textContent = other ? `${other} → ${version}` : version;
  const path = other
    ? `v1/models/${encodeURIComponent(other)}/comparison/${encodeURIComponent(version)}`
    : `v1/models/${encodeURIComponent(version)}/report`;
  try {
    at("frame").srcdoc = await withKey(at("key"), () => getPage(path));
    at("frame").hidden = false;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    showProblem(at("problem"), problem);
  }
}

sayPage();
await show();
document.documentElement.dataset.ready = "true";
