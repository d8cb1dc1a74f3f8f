// Says in words what went wrong, and where.

import { element } from "./dom.js";
import { say } from "./words.js";

/** Shows a `Problem` in its box; null empties the box. */
export function showProblem(box, problem) {
  box.hidden = problem === null;
  box.replaceChildren(...(problem ? lines(problem) : []));
}

function lines({ status, details, retryAfter }) {
  const shown = [element("strong", { text: headline(status) })];
  if (details.detail) shown.push(inEnglish(element("p", { text: details.detail })));
  if (details.errors) shown.push(element("ul", {}, details.errors.map(wrong)));
  else if (details.pointer) shown.push(named("error.pointer", details.pointer));
  if (retryAfter) shown.push(element("p", { text: say("error.retry", { seconds: retryAfter }) }));
  if (details.request_id) shown.push(named("error.request", details.request_id));
  return shown;
}

function headline(status) {
  return say(`error.${status}`, {}, say("error.other", { status }));
}

/** One wrong value of several. */
function wrong({ detail, pointer }) {
  return inEnglish(element("li", {}, [element("code", { text: pointer }), ` ${detail}`]));
}

/** The service gives its reasons in English, whatever the desk speaks. */
function inEnglish(made) {
  made.lang = "en";
  return made;
}

function named(key, value) {
  return element("p", {}, [say(key), element("code", { text: value })]);
}
