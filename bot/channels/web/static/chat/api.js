/** The chat API, as far as the page needs it. The session begins with the first message. */

const STORAGE_KEY = "cornavin.session";

/** A request that failed. `detail` is for the person; `status` is 0 when the network did. */
export class ChatError extends Error {
  constructor(status, detail, retryAfter) {
    super(detail || `status ${status}`);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

export class ChatApi {
  #session;
  #locale;

  /** @param {string} locale language tag of the page */
  constructor(locale) {
    this.#locale = locale;
    this.#session = this.#restore();
  }

  get hasSession() {
    return this.#session !== null;
  }

  /** What was said after the message with this id, or all of it. */
  async history(after = 0) {
    const { messages } = await this.#call("GET", `/messages?after=${after}`);
    return messages;
  }

  /**
   * Takes a turn.
   * @param {{client_id: string, text?: string, choice?: string}} turn sent again with the same client_id, it counts once
   */
  async send(turn) {
    if (!this.#session) await this.#open();
    return this.#call("POST", "/messages", turn);
  }

  /** Erases the conversation here and on the server. */
  async erase() {
    try {
      await this.#call("DELETE", `/sessions/${this.#session.session_id}`);
    } catch (error) {
      if (error.status !== 401) throw error;
    }
    this.forget();
  }

  /** Forgets the session without erasing it. */
  forget() {
    this.#session = null;
    try {
      localStorage.removeItem(STORAGE_KEY);
    } catch {
      // Storage is refused; there was nothing to remove.
    }
  }

  async #open() {
    this.#session = await this.#call("POST", "/sessions", { locale: this.#locale });
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.#session));
    } catch {
      // Storage is refused; the conversation lasts as long as the page.
    }
  }

  #restore() {
    try {
      return JSON.parse(localStorage.getItem(STORAGE_KEY));
    } catch {
      return null;
    }
  }

  async #call(method, path, body) {
    const headers = { "accept-language": this.#locale };
    if (body) headers["content-type"] = "application/json";
    if (this.#session) headers.authorization = `Bearer ${this.#session.token}`;
    let response;
    try {
      response = await fetch(`/api/chat${path}`, { method, headers, body: body && JSON.stringify(body) });
    } catch {
      throw new ChatError(0);
    }
    if (response.status === 204) return undefined;
    const content = await response.json().catch(() => ({}));
    if (!response.ok) throw new ChatError(response.status, content.detail, response.headers.get("retry-after"));
    return content;
  }
}

/** An id for a turn; works where crypto.randomUUID does not (pages without TLS). */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
