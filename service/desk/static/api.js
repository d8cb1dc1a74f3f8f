// Calls of the service. Paths are relative to this file, so the desk works behind a proxy that adds a prefix.

const KEY = "lanmu.key"; // in sessionStorage: forgotten with the tab
const HTML_NAME = /\.x?html?$/i;

/** An answer that is not a result: the HTTP status (or `offline`, or `file` for one that cannot be read) and the details. */
export class Problem extends Error {
  constructor(status, details, retryAfter = null) {
    super(details.detail ?? details.title ?? "");
    this.status = status;
    this.details = details;
    this.retryAfter = retryAfter;
  }
}

/**
 * Labels a pasted text.
 * @param {"page" | "html"} form what the text is
 */
export async function labelText(text, form) {
  return post("v1/pages", JSON.stringify({ [form]: text, evidence: true }), "application/json");
}

/** Labels a file: the bytes go as they are, since the service finds the encoding. */
export async function labelFile(file) {
  const type = file.type === "text/html" || HTML_NAME.test(file.name) ? "text/html" : "text/plain";
  return post("v1/pages?evidence=true", await bytes(file), type);
}

/** What a GET answers as JSON. */
export async function get(path) {
  return call(path, { headers: headers() });
}

/** What a call with a JSON body answers. */
export async function send(method, path, body) {
  return call(path, { method, body: JSON.stringify(body), headers: headers("application/json") });
}

/** A page that the service keeps, as HTML. */
export async function getPage(path) {
  const response = await sent(path, { headers: { ...headers(), Accept: "text/html" } });
  if (response.ok) return response.text();
  throw new Problem(response.status, (await parsed(response)) ?? {});
}

/**
 * Uploads a file for a batch; `fetch` would not tell how much of it is sent.
 * @param {(share: number) => void} progress
 */
export function upload(file, progress) {
  const form = new FormData();
  form.append("purpose", "batch");
  form.append("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", address("v1/files"));
  for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
  request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded / total));
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () => {
      const answer = asJson(request.responseText);
      if (request.status < 300 && answer) resolve(answer);
      else reject(new Problem(request.status, plain(answer ?? {}), request.getResponseHeader("Retry-After")));
    });
    request.addEventListener("error", () => reject(new Problem("offline", {})));
    request.send(form);
  });
}

/** A file that the service keeps. */
export async function download(path) {
  const response = await sent(path, { headers: headers() });
  if (response.ok) return response.blob();
  throw new Problem(response.status, plain((await parsed(response)) ?? {}));
}

/** Whether calls are made with a key. */
export function hasKey() {
  return sessionStorage.getItem(KEY) !== null;
}

export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

async function bytes(file) {
  try {
    return await file.arrayBuffer();
  } catch {
    throw new Problem("file", {});
  }
}

function post(path, body, type) {
  return call(path, { method: "POST", body, headers: headers(type) });
}

async function call(path, options) {
  const response = await sent(path, options);
  const answer = await parsed(response);
  if (!response.ok) throw new Problem(response.status, plain(answer ?? {}), response.headers.get("Retry-After"));
  if (answer === null) throw new Problem(response.status, {});
  return answer;
}

function headers(type) {
  const key = sessionStorage.getItem(KEY);
  const accepted = { Accept: "application/json", ...(type && { "Content-Type": type }) };
  return key ? { ...accepted, Authorization: `Bearer ${key}` } : accepted;
}

function address(path) {
  return new URL(`../${path}`, import.meta.url);
}

/** The details of a problem, which the routes that OpenAI's SDK calls tell in OpenAI's form. */
function plain({ error, ...rest }) {
  return error ? { ...rest, detail: error.message, pointer: error.param } : rest;
}

async function sent(path, options) {
  try {
    return await fetch(address(path), options);
  } catch {
    throw new Problem("offline", {});
  }
}

async function parsed(response) {
  return asJson(await response.text());
}

function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // a proxy's error page
  }
}
