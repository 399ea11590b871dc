/**
 * Keeps up with a conversation: by server-sent events or, where those do not get through, by requests that wait. After
 * every break it goes on from the last message, so nothing is lost; who receives goes by message id, so nothing comes
 * twice.
 */

import { limited } from "./limited.js";

const FIRST_BYTE_MILLISECONDS = 25_000;
/** The server says at least every 15 s that it is there. */
const SILENCE_MILLISECONDS = 40_000;

/** So many streams without a byte in them, and something on the way keeps them back. */
const DUDS = 2;

const WAIT_SECONDS = 25;
const WAITS_BEFORE_ANOTHER_STREAM = 20;

/** Milliseconds until the next attempt: doubled with each, 30 s at most, and spread so that not all come at once. */
export function backoff(failures) {
  return Math.min(30_000, 1000 * 2 ** failures) * (0.5 + Math.random() / 2);
}

export class Connection {
  #api;
  #listener;
  #stopper = null;
  #wake = () => {};
  #failures = 0;
  #duds = 0;
  #waits = 0;

  /**
   * @param {import("./api.js").ChatApi} api
   * @param {{prepare: () => Promise<void>, position: () => number, receive: (messages: object[]) => void,
   *   report: (connected: boolean) => void, lose: (error: Error) => void}} listener `prepare` is called before each
   *   attempt, `position` gives the last message known, `lose` is called when the session is no more
   */
  constructor(api, listener) {
    this.#api = api;
    this.#listener = listener;
  }

  start() {
    if (this.#stopper) return;
    this.#stopper = new AbortController();
    this.#run(this.#stopper.signal);
  }

  stop() {
    this.#stopper?.abort();
    this.#stopper = null;
    this.#wake();
  }

  /** Tries again now. */
  hurry() {
    this.#wake();
  }

  async #run(stopped) {
    while (!stopped.aborted) {
      try {
        await this.#listener.prepare();
        if (stopped.aborted) return;
        if (this.#duds < DUDS) await this.#stream(stopped);
        else await this.#wait(stopped);
      } catch (error) {
        if (stopped.aborted) return;
        if (error.status === 401) {
          this.stop();
          this.#listener.lose(error);
          return;
        }
        if (error.status >= 400 && error.status < 500) this.#duds += 1;
        this.#failures += 1;
        this.#listener.report(false);
      }
      if (!stopped.aborted) await this.#pause(backoff(this.#failures));
    }
  }

  #reached() {
    this.#failures = 0;
    this.#listener.report(true);
  }

  async #stream(stopped) {
    let heard = false;
    await limited(stopped, FIRST_BYTE_MILLISECONDS, async (signal, extend) => {
      const body = await this.#api.stream(this.#listener.position(), signal);
      this.#reached();
      const reader = body.getReader();
      const decoder = new TextDecoder();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read().catch((error) => {
          if (signal.aborted) return { done: true };
          throw error;
        });
        if (done) break;
        heard = true;
        extend(SILENCE_MILLISECONDS);
        const events = (text + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
        text = events.pop();
        const messages = events.map(message).filter(Boolean);
        if (messages.length && !stopped.aborted) this.#listener.receive(messages);
      }
    });
    if (heard) this.#duds = 0;
    else if (!stopped.aborted) this.#duds += 1;
  }

  async #wait(stopped) {
    const options = { wait: WAIT_SECONDS, signal: stopped };
    const { messages } = await this.#api.history(this.#listener.position(), options);
    this.#reached();
    if (messages.length && !stopped.aborted) this.#listener.receive(messages);
    this.#waits += 1;
    if (this.#waits % WAITS_BEFORE_ANOTHER_STREAM === 0) this.#duds = 0;
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The message of an event; null for other events and for comments. */
function message(event) {
  const fields = { data: "" };
  for (const line of event.split(/\r?\n/)) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === "data") fields.data += value;
    else if (name) fields[name] = value;
  }
  return fields.event === "message" && fields.data ? JSON.parse(fields.data) : null;
}
