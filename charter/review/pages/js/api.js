/** The server's JSON, asked for and sent. Every failure is an ApiError with one line for a person. */

/** What the server refused, or that it did not answer. */
export class ApiError extends Error {
  /**
   * @param {number} status  of HTTP; 0 where no answer came
   * @param {string} message  one line for a person
   * @param {any} [body]  the answer's JSON, if it had any
   */
  constructor(status, message, body = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }

  /** Whether the same request may well succeed later: no answer, too many at once, or a server that is busy. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status === 503;
  }
}

const NO_ANSWER = "the server does not answer: is it still running, and is this computer online?";

export const api = {
  /** @param {string} path e.g. `/api/runs` @returns {Promise<any>} */
  get: (path) => send("GET", path),
  /** @param {string} path @param {any} [body] plain values, or a Blob that is sent as it is @returns {Promise<any>} */
  post: (path, body) => send("POST", path, body ?? {}),
  /** @param {string} path @param {any} body @returns {Promise<any>} */
  patch: (path, body) => send("PATCH", path, body),
  /** @param {string} path @returns {Promise<any>} */
  del: (path) => send("DELETE", path),
  upload,
};

/** @param {string} method @param {string} path @param {any} [body] @returns {Promise<any>} */
async function send(method, path, body) {
  const raw = body instanceof Blob;
  /** @type {RequestInit} */
  const options = { method, credentials: "same-origin", headers: headers(method, raw) };
  if (body !== undefined) options.body = raw ? body : JSON.stringify(body);
  let response;
  let text;
  try {
    response = await fetch(path, options);
    text = await response.text();
  } catch {
    throw new ApiError(0, NO_ANSWER);
  }
  return answer(response.status, text);
}

/**
 * Send a file's bytes and hear how far it is.
 * @param {string} path
 * @param {Blob} file
 * @param {{onProgress?: (share: number) => void, signal?: AbortSignal}} [options]  share: 0 to 1
 * @returns {Promise<any>}  rejects with an ApiError, or with an AbortError where the signal ended it
 */
function upload(path, file, { onProgress, signal } = {}) {
  return new Promise((resolve, reject) => {
    const stopped = () => new DOMException("the upload was cancelled", "AbortError");
    if (signal?.aborted) {
      reject(stopped());
      return;
    }
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener("abort", abort);
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    request.upload.onprogress = (event) => onProgress?.(event.total ? event.loaded / event.total : 0);
    request.onerror = () => reject(new ApiError(0, NO_ANSWER));
    request.onabort = () => reject(stopped());
    request.onload = () => {
      try {
        resolve(answer(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.open("POST", path);
    for (const [name, value] of Object.entries(headers("POST", true))) request.setRequestHeader(name, value);
    request.send(file);
  });
}

/** @param {string} method @param {boolean} raw @returns {Record<string, string>} */
function headers(method, raw) {
  if (method === "GET") return {};
  return { "X-Charter": "1", "Content-Type": raw ? "application/octet-stream" : "application/json" };
}

/** @param {number} status @param {string} text @returns {any} */
function answer(status, text) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    if (status < 400) throw new ApiError(status, "the answer is no JSON: does something else serve this address?");
  }
  if (status < 400) return body;
  if (status === 401) signIn();
  throw new ApiError(status, oneLine(body) || `the server answered ${status}`, body ?? {});
}

/** @param {any} body @returns {string} */
function oneLine(body) {
  if (typeof body?.error === "string") return body.error;
  const detail = body?.detail; // FastAPI's own refusals
  return Array.isArray(detail) ? detail.map((each) => `${(each.loc ?? []).join(".")}: ${each.msg}`).join("; ") : "";
}

/** To the login page and, after it, back here; the login page itself shows what was wrong. */
function signIn() {
  if (location.pathname === "/login") return;
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
