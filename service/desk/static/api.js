// Calls of the service. Paths are relative, so the desk works behind a proxy that adds a prefix.

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

async function post(path, body, type) {
  const response = await sent(path, { method: "POST", body, headers: headers(type) });
  const answer = await parsed(response);
  if (!response.ok) throw new Problem(response.status, answer ?? {}, response.headers.get("Retry-After"));
  if (answer === null) throw new Problem(response.status, {});
  return answer;
}

function headers(type) {
  const key = sessionStorage.getItem(KEY);
  const accepted = { Accept: "application/json", "Content-Type": type };
  return key ? { ...accepted, Authorization: `Bearer ${key}` } : accepted;
}

async function sent(path, options) {
  try {
    return await fetch(new URL(path, document.baseURI), options);
  } catch {
    throw new Problem("offline", {});
  }
}

async function parsed(response) {
  try {
    return await response.json();
  } catch {
    return null; // a proxy's error page
  }
}
