/** The chat API, as far as the page needs it. The session begins with the first message. */

import { limited } from "./limited.js";
import { recall, remember } from "./storage.js";

const PATIENCE_MILLISECONDS = 30_000;
const FILES = "/api/chat/files";

/** A request that failed. `detail` is for the person; `status` is 0 when the network did. */
export class ChatError extends Error {
  constructor(status, detail, retryAfter) {
    super(detail || `status ${status}`);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may go well later. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class ChatApi {
  #session;
  #opening = null;
  #locale;

  /** @param {string} locale language tag of the page */
  constructor(locale) {
    this.#locale = locale;
    this.adopt();
  }

  get hasSession() {
    return this.#session !== null;
  }

  /** Takes the session that is remembered, which another tab may have begun or forgotten; true when it is another. */
  adopt() {
    const before = this.#session?.token;
    const remembered = recall("session");
    this.#session = typeof remembered?.token === "string" ? remembered : null;
    return this.#session?.token !== before;
  }

  /** Forgets the session without erasing it. */
  forget() {
    this.#session = null;
    this.#opening = null;
    remember("session", null);
  }

  /** What holds for everybody: `{notice, locales, uploads}`. */
  service() {
    return this.#json("GET", "/service");
  }

  /**
   * What was said after the message with this id, and where the conversation stands.
   * @param {number} after 0 for all of it
   * @param {{wait?: number, signal?: AbortSignal}} options seconds to wait for a message
   */
  history(after, { wait, signal } = {}) {
    return this.#json("GET", `/messages?after=${after}${wait ? `&wait=${wait}` : ""}`, undefined, signal);
  }

  /**
   * Takes a turn; its answer is in the language of the page.
   * @param {{client_id: string, text?: string, choice?: string, files?: string[]}} turn counts once, however often it
   *   is sent with the same client_id
   */
  async send(turn, signal) {
    await this.#open(signal);
    return this.#json("POST", "/messages", { ...turn, locale: this.#locale }, signal);
  }

  /** The stream of server-sent events after the message with this id. */
  async stream(after, signal) {
    const response = await this.#request("GET", "/stream", { signal, headers: { "last-event-id": String(after) } });
    return response.body;
  }

  async giveFeedback(feedback) {
    await this.#request("POST", "/feedback", { body: feedback });
  }

  /** Erases the conversation here and on the server. */
  async erase() {
    if (!this.#session) return;
    try {
      await this.#request("DELETE", `/sessions/${this.#session.session_id}`);
    } catch (error) {
      if (error.status !== 401) throw error;
    }
    this.forget();
  }

  /** A file that came with a message. The token goes nowhere but to our own files. */
  async file(url) {
    const { origin, pathname } = new URL(url, location.href);
    if (origin !== location.origin || !pathname.startsWith(`${FILES}/`)) throw new ChatError(404);
    return (await this.#request("GET", pathname.slice("/api/chat".length))).blob();
  }

  /**
   * Sends a file. fetch() does not tell how far it is; XMLHttpRequest does.
   * @param {(share: number) => void} progress is told the share that has arrived, from 0 to 1
   * @returns {Promise<{id: string, name: string}>} once it is checked, too
   */
  async upload(file, progress, signal) {
    await this.#open(signal);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("file", file);
      request.open("POST", FILES);
      for (const [name, value] of Object.entries(this.#headers())) request.setRequestHeader(name, value);
      request.responseType = "json";
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onerror = request.onabort = () => reject(new ChatError(0));
      request.onload = () =>
        request.status < 300
          ? resolve(request.response)
          : reject(new ChatError(request.status, request.response?.detail));
      if (signal.aborted) return reject(new ChatError(0));
      signal.addEventListener("abort", () => request.abort());
      request.send(body);
    });
  }

  /** Destroys a file that was not sent after all. */
  async removeFile(id) {
    await this.#request("DELETE", `/files/${id}`);
  }

  /** Begins the session; who comes while that is under way waits for the same one. */
  async #open(signal) {
    if (this.#session) return;
    const opening = (this.#opening ??= this.#json("POST", "/sessions", { locale: this.#locale }));
    let session;
    try {
      session = await opening;
    } finally {
      if (this.#opening === opening) this.#opening = null;
    }
    if (signal?.aborted) throw new ChatError(0);
    if (this.#session) return;
    this.#session = session;
    remember("session", session);
  }

  #headers() {
    const headers = { "accept-language": this.#locale };
    if (this.#session) headers.authorization = `Bearer ${this.#session.token}`;
    return headers;
  }

  #json(method, path, body, stopped) {
    return limited(stopped, PATIENCE_MILLISECONDS, async (signal) => {
      const response = await this.#request(method, path, { body, signal });
      return response.json().catch(() => Promise.reject(new ChatError(0)));
    });
  }

  async #request(method, path, { body, signal, headers } = {}) {
    const all = { ...this.#headers(), ...headers };
    if (body) all["content-type"] = "application/json";
    let response;
    try {
      response = await fetch(`/api/chat${path}`, { method, headers: all, body: body && JSON.stringify(body), signal });
    } catch {
      throw new ChatError(0);
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => null);
    throw new ChatError(response.status, problem?.detail, response.headers.get("retry-after"));
  }
}

/** An id for a turn; works where crypto.randomUUID does not (pages without TLS). */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
