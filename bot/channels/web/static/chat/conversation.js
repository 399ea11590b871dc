/**
 * What was said, and what is still to be sent. What the person says goes through an outbox that survives a reload and
 * is shared by the tabs: each turn is sent until the server has answered it, in its order, and counts once.
 */

import { alone } from "./alone.js";
import { newClientId } from "./api.js";
import { Connection, backoff } from "./connection.js";
import { forgetAll, listenToOtherTabs, recall, remember } from "./storage.js";

export class Conversation {
  messages = [];
  /** Where it stands, as the chat API says it. */
  state = {};
  /** Turns that are not answered yet: `{turn, label, tried}`. */
  outbox = [];
  /** Why the first of them could not be sent: a ChatError. */
  failure = null;
  /** Whether a turn is under way. */
  working = false;
  /** Whether what was said before is known. */
  loaded = true;
  connected = true;

  #host;
  #api;
  #listener;
  #connection;
  #held = [];
  #flushing = false;
  #failures = 0;
  #timer = 0;
  #aborter = new AbortController();
  #waiting = new Map();
  #stopListening = [];

  /**
   * @param {import("../vendor/lit.js").LitElement} host is updated when something changes
   * @param {import("./api.js").ChatApi} api
   * @param {{lost: (error: Error) => void, ended: () => void, erased: () => void}} listener `lost` is called when the
   *   server does not know the conversation any more, `ended` when another tab erased it or found it lost, `erased` when
   *   the person asked for that in the conversation
   */
  constructor(host, api, listener) {
    this.#host = host;
    this.#api = api;
    this.#listener = listener;
    this.#connection = new Connection(api, {
      prepare: () => this.#load(),
      position: () => this.#position,
      receive: (messages) => this.#receive(messages),
      report: (connected) => this.#report(connected),
      lose: (error) => this.#lose(error),
    });
    host.addController(this);
  }

  hostConnected() {
    this.#stopListening = [
      listenToOtherTabs((name) => this.#follow(name)),
      listen(window, "online", () => this.#comeBack()),
      listen(window, "offline", () => this.#report(false)),
      listen(document, "visibilitychange", () => (document.hidden ? this.#connection.stop() : this.#connect())),
    ];
    this.loaded = !this.#api.hasSession;
    this.#readOutbox();
    this.#connect();
    this.#flush();
  }

  hostDisconnected() {
    this.#connection.stop();
    clearTimeout(this.#timer);
    for (const stop of this.#stopListening) stop();
  }

  /**
   * Says something.
   * @param {{text?: string, choice?: string, files?: string[]}} content
   * @param {string} label what the person sees of it
   * @returns {Promise<void>} ends when it is answered, or could not be sent for now
   */
  say(content, label) {
    const turn = { client_id: newClientId(), ...content };
    this.#change((outbox) => [...outbox, { turn, label, tried: false }]);
    return this.#settled(turn.client_id, () => this.#flush());
  }

  /** Sends again what could not be sent. */
  retry() {
    return this.#settled(this.outbox[0].turn.client_id, () => this.#flush());
  }

  /** Gives up the turn that could not be sent. */
  discard() {
    clearTimeout(this.#timer);
    this.failure = null;
    this.#remove(this.outbox[0].turn.client_id);
    this.#release();
    this.#flush();
  }

  /** Erases the conversation; a turn that is still under way is then of no interest any more. */
  async erase() {
    await this.#api.erase();
    this.#drop();
    forgetAll();
  }

  get #position() {
    return Math.max(this.messages.at(-1)?.id ?? 0, this.#held.at(-1)?.id ?? 0);
  }

  #changed() {
    this.#host.requestUpdate();
  }

  #connect() {
    if (this.#api.hasSession && !document.hidden) this.#connection.start();
  }

  #comeBack() {
    if (!this.#api.hasSession) this.#report(true);
    this.#connection.stop();
    this.#connect();
    this.#flush();
  }

  #report(connected) {
    const back = connected && !this.connected;
    this.connected = connected;
    this.#changed();
    if (back) this.#flush();
  }

  async #load() {
    if (this.loaded) return;
    await this.#catchUp();
    this.loaded = true;
    this.#changed();
    this.#flush();
  }

  /** Reads all that was said since, a page at a time. */
  async #catchUp() {
    for (;;) {
      const { messages, state } = await this.#api.history(this.messages.at(-1)?.id ?? 0);
      this.state = state;
      if (!messages.length) return;
      this.#add(messages);
    }
  }

  /** Adds what is not there yet; messages come in the order of their ids. */
  #add(messages) {
    const last = this.messages.at(-1)?.id ?? 0;
    const news = new Map(messages.filter(({ id }) => id > last).map((message) => [message.id, message]));
    if (news.size) this.messages = [...this.messages, ...news.values()];
    this.#changed();
  }

  /** Takes messages of the stream. Those that may be of the turn under way wait until it is answered. */
  #receive(messages) {
    const position = this.#position;
    this.#held.push(...messages.filter(({ id }) => id > position));
    if (!this.outbox[0]?.tried) this.#release();
  }

  #release() {
    if (!this.#held.length) return;
    this.#add(this.#held);
    this.#held = [];
    this.#readState();
  }

  /** The stream brings messages only; what another tab said may have opened another question. */
  async #readState() {
    try {
      const { messages, state } = await this.#api.history(this.#position);
      if (messages.length) return; // The stream brings them, too, and the state is read again.
      this.state = state;
      this.#changed();
    } catch {
      // The stream notices, too.
    }
  }

  async #flush() {
    if (this.#flushing || !this.loaded) return;
    clearTimeout(this.#timer);
    this.#flushing = true;
    let well = true;
    await alone(async () => {
      this.#readOutbox();
      while (well && this.outbox.length) well = await this.#deliver(this.outbox[0]);
    });
    this.#flushing = false;
    if (well && this.outbox.length) this.#flush();
  }

  /** Sends a turn and shows its answer; false when that has to wait. */
  async #deliver(item) {
    const { signal } = this.#aborter;
    this.#mark(item, true);
    this.working = true;
    this.#changed();
    try {
      this.#api.adopt();
      const { messages, state } = await this.#api.send(item.turn, signal);
      if (state.phase === "erased") return this.#forget();
      const streamed = messages?.length && this.#held.some(({ id }) => id === messages.at(-1).id);
      const said = streamed
        ? { messages: [], state }
        : await this.#api.history(this.messages.at(-1)?.id ?? 0, { signal });
      if (signal.aborted) return true;
      this.#failures = 0;
      this.failure = null;
      this.connected = true;
      this.#remove(item.turn.client_id);
      this.state = said.state;
      this.#add([...said.messages, ...this.#held]);
      this.#held = [];
      this.#connect();
      this.#connection.hurry();
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      this.#fail(error, item);
      return false;
    } finally {
      this.working = false;
      this.#changed();
      this.#settle(item.turn.client_id);
    }
  }

  #fail(error, item) {
    this.failure = error;
    if (error.status === 401) this.#lose(error);
    if (error.status && error.status < 500) {
      this.#mark(item, false);
      this.#release();
    }
    if (error.isPassing) {
      const delay = 1000 * Number(error.retryAfter) || backoff(this.#failures);
      this.#failures += 1;
      this.#timer = setTimeout(() => this.#flush(), delay);
    }
  }

  /** The server does not know the conversation any more; what is not sent yet can begin a new one. */
  #lose(error) {
    this.#api.forget();
    this.#connection.stop();
    this.messages = [];
    this.#held = [];
    this.state = {};
    this.loaded = true;
    this.#changed();
    this.#listener.lost(error);
  }

  /** The answer said that all of it is erased on the server. */
  #forget() {
    this.#api.forget();
    this.#drop();
    forgetAll();
    this.#listener.erased();
    return true;
  }

  #drop() {
    this.#aborter.abort();
    this.#aborter = new AbortController();
    this.#connection.stop();
    clearTimeout(this.#timer);
    for (const client_id of this.#waiting.keys()) this.#settle(client_id);
    this.messages = [];
    this.outbox = [];
    this.failure = null;
    this.#held = [];
    this.state = {};
    this.loaded = true;
    this.#changed();
  }

  /** Follows another tab, which has sent something, or begun or erased the conversation. */
  #follow(name) {
    if (name === "outbox") {
      const waited = this.outbox[0]?.turn.client_id;
      this.#readOutbox();
      if (this.outbox[0]?.turn.client_id !== waited) {
        this.failure = null;
        this.#release();
      }
      if (!this.failure) this.#flush();
    } else if (name === "session" || name === null) {
      if (!this.#api.adopt()) return;
      if (!this.#api.hasSession) {
        this.#drop();
        this.#listener.ended();
      } else {
        this.messages = [];
        this.#held = [];
        this.loaded = false;
        this.#connection.stop();
        this.#connect();
      }
    }
    this.#changed();
  }

  #readOutbox() {
    const kept = recall("outbox");
    this.outbox = Array.isArray(kept) ? kept.filter((item) => item?.turn?.client_id) : [];
    this.#changed();
  }

  /** Changes the outbox as all tabs see it. */
  #change(change) {
    this.#readOutbox();
    this.outbox = change(this.outbox);
    remember("outbox", this.outbox.length ? this.outbox : null);
  }

  /** Notes whether the server may have recorded a turn. */
  #mark(item, tried) {
    const { client_id } = item.turn;
    this.#change((outbox) => outbox.map((one) => (one.turn.client_id === client_id ? { ...one, tried } : one)));
  }

  #remove(client_id) {
    this.#change((outbox) => outbox.filter(({ turn }) => turn.client_id !== client_id));
    this.#settle(client_id);
  }

  #settled(client_id, act) {
    return new Promise((resolve) => {
      this.#waiting.set(client_id, resolve);
      act();
    });
  }

  #settle(client_id) {
    this.#waiting.get(client_id)?.();
    this.#waiting.delete(client_id);
  }
}

function listen(target, name, listener) {
  target.addEventListener(name, listener);
  return () => target.removeEventListener(name, listener);
}
