/**
 * The chat. Accessible by keyboard and screen reader: answers are announced once by the log, which stays silent about
 * what was said before the page was opened; the open question keeps the focus; a button that disappears hands its focus
 * to what came of it.
 */

import { LitElement, html, live, nothing, repeat } from "../vendor/lit.js";
import { ChatApi, newClientId } from "./api.js";
import { link, markdown } from "./markdown.js";
import { styles } from "./styles.js";

const strings = JSON.parse(document.getElementById("strings").textContent);

function format(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

class CornavinChat extends LitElement {
  static styles = styles;

  static properties = {
    locale: { type: String },
    longestText: { type: Number, attribute: "longest-text" },
    _messages: { state: true },
    _draft: { state: true },
    _busy: { state: true },
    _restoring: { state: true },
    _unsent: { state: true },
    _notice: { state: true },
  };

  constructor() {
    super();
    this._messages = [];
    this._draft = "";
    this._busy = false;
    this._restoring = false;
    this._unsent = null;
    this._notice = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this._api = new ChatApi(this.locale);
    this._restored = this._api.hasSession ? this._restore() : Promise.resolve();
  }

  /** Asks for the page around a frame; where a turn cannot begin now, the text waits in an empty field. */
  async ask(text) {
    await this._restored;
    if (this._free && Array.from(text).length <= this.longestText) await this._take({ text }, text);
    else if (!this._draft) this._draft = text;
  }

  focusField() {
    this._field.focus();
  }

  async _restore() {
    this._restoring = true;
    try {
      this._messages = await this._api.history();
    } catch (error) {
      if (error.status === 401) this._api.forget();
      else this._notice = error.detail ?? strings.offline;
    }
    this._restoring = false;
    await this._scrollToEnd();
  }

  render() {
    return html`
      <header>
        <h1>Cornavin <span>${strings.subtitle}</span></h1>
        ${this._messages.length
          ? html`<button class="quiet" type="button" aria-label=${strings.erase_label} @click=${this._erase}>
              ${strings.erase}
            </button>`
          : nothing}
      </header>
      <div class="scroll">
        ${this._restoring ? nothing : this._renderConversation()} ${this._renderUnsent()}
        <p class="writing" role="status">
          ${this._busy ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${strings.writing}` : nothing}
        </p>
      </div>
      ${this._notice ? html`<p class="notice" role="alert">${this._notice}</p>` : nothing} ${this._renderForm()}
    `;
  }

  /** The log comes into being with what was said before already in it, which is how it is not announced. */
  _renderConversation() {
    return html`
      ${this._messages.length ? nothing : this._renderWelcome()}
      <div role="log" aria-live="polite" aria-label=${strings.conversation}>
        <ol class="messages">
          ${repeat(
            this._messages,
            (message) => message.id,
            (message) => this._renderMessage(message),
          )}
        </ol>
      </div>
    `;
  }

  _renderWelcome() {
    const examples = [strings.example_registration, strings.example_number, strings.example_documents];
    return html`
      <div class="welcome">
        <p>${strings.welcome}</p>
        <div class="choices" role="group" aria-label=${strings.welcome_examples}>
          ${examples.map((text) => this._renderChoice({ text }, text))}
        </div>
      </div>
    `;
  }

  _renderMessage(message) {
    const isUser = message.author === "user";
    const author = { user: strings.you, bot: strings.assistant, agent: strings.agent }[message.author];
    const isLatest = message === this._messages.at(-1);
    return html`
      <li class=${isUser ? "user" : "bot"} lang=${message.lang} tabindex="-1">
        <p class="visually-hidden">${author}</p>
        ${isUser
          ? html`<p class="text">${message.text}</p>`
          : html`<div class="text" dir="auto">${markdown(message.text, strings.opens_new_window)}</div>`}
        ${message.sources.length ? this._renderSources(message.sources) : nothing}
        ${isLatest && message.choices.length ? this._renderChoices(message.choices) : nothing}
      </li>
    `;
  }

  _renderSources(sources) {
    return html`
      <details>
        <summary>${strings.sources} (${sources.length})</summary>
        <ul>
          ${sources.map(
            (source) => html`
              <li>
                ${source.url ? link(source.url, source.title, strings.opens_new_window) : source.title}${source.article
                  ? `, ${source.article}`
                  : nothing}
                <small>
                  ${format(strings.as_of, { date: this._date(source.as_of) })}${source.standing === "dated"
                    ? `, ${strings.dated}`
                    : nothing}
                </small>
              </li>
            `,
          )}
        </ul>
      </details>
    `;
  }

  _renderChoices(choices) {
    return html`
      <div class="choices" role="group" aria-label=${strings.choices}>
        ${choices.map(({ id, label }) => this._renderChoice({ choice: id }, label))}
      </div>
    `;
  }

  _renderChoice(turn, label) {
    return html`<button type="button" ?disabled=${!this._free} @click=${() => this._choose(turn, label)}>${label}</button>`;
  }

  _renderUnsent() {
    if (!this._unsent) return nothing;
    return html`
      <div class="unsent">
        <p class="text">${this._unsent.label}</p>
        ${this._unsent.failed
          ? html`<p class="retry">
              ${strings.not_sent} <button type="button" @click=${this._retry}>${strings.retry}</button>
            </p>`
          : nothing}
      </div>
    `;
  }

  _renderForm() {
    const excess = this._excess;
    return html`
      <form @submit=${this._submit}>
        <label class="visually-hidden" for="message">${strings.message}</label>
        <textarea
          id="message"
          rows="1"
          dir="auto"
          autocomplete="off"
          enterkeyhint="send"
          aria-describedby="note"
          aria-invalid=${excess > 0}
          placeholder=${strings.placeholder}
          .value=${live(this._draft)}
          @input=${this._input}
          @keydown=${this._keydown}
        ></textarea>
        <button class="send" type="submit" ?disabled=${!this._canSend}>${strings.send}</button>
        <p id="note" class=${excess > 0 ? "excess" : ""} aria-live="polite">
          ${excess > 0 ? format(strings.too_long, { count: excess }) : strings.notice}
        </p>
      </form>
    `;
  }

  /** Whether a turn can begin: none is under way, and none waits to be sent again. */
  get _free() {
    return !this._busy && !this._restoring && !this._unsent;
  }

  get _canSend() {
    return this._free && this._draft.trim() && this._excess <= 0;
  }

  /** Characters beyond what one message may have, counted as the server counts them. */
  get _excess() {
    return Array.from(this._draft).length - this.longestText;
  }

  get _field() {
    return this.renderRoot.querySelector("textarea");
  }

  _input(event) {
    this._draft = event.target.value;
  }

  _keydown(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this._submit(event);
    }
  }

  async _submit(event) {
    event.preventDefault();
    if (!this._canSend) return;
    const text = this._draft;
    this._draft = "";
    if (event.submitter?.matches(":focus-visible")) this._field.focus();
    await this._take({ text }, text);
  }

  async _choose(turn, label) {
    if (!this._free) return;
    await this._take(turn, label);
    this._handOverFocus();
  }

  async _take(turn, label) {
    this._unsent = { turn: { client_id: newClientId(), ...turn }, label, failed: false };
    await this._deliver();
  }

  async _retry() {
    this._unsent = { ...this._unsent, failed: false };
    await this._deliver();
    this._handOverFocus();
  }

  /** Where a button had the focus and is gone: to the first answer, or to the button that tries again. */
  _handOverFocus() {
    const focused = this.renderRoot.activeElement;
    if (focused && !focused.disabled) return;
    const asked = Array.from(this.renderRoot.querySelectorAll("li.user")).at(-1);
    const target = this._unsent ? this.renderRoot.querySelector(".retry button") : asked?.nextElementSibling;
    target?.focus({ preventScroll: true });
  }

  async _deliver() {
    const { turn } = this._unsent;
    this._busy = true;
    this._notice = "";
    await this._scrollToEnd();
    try {
      await this._api.send(turn);
      const said = await this._api.history(this._messages.at(-1)?.id);
      if (this._unsent) this._messages = [...this._messages, ...said];
      this._unsent = null;
    } catch (error) {
      if (this._unsent) this._fail(error);
    }
    this._busy = false;
    await this._scrollToEnd();
  }

  _fail(error) {
    if (error.status === 401) {
      this._api.forget();
      this._messages = [];
    }
    this._notice = error.detail ?? strings.offline;
    this._unsent = { ...this._unsent, failed: true };
  }

  /** Erases the conversation; a turn that is still under way is then of no interest any more. */
  async _erase() {
    if (!confirm(strings.erase_confirm)) return;
    try {
      await this._api.erase();
      this._messages = [];
      this._unsent = null;
      this._notice = strings.erased;
    } catch (error) {
      this._notice = error.detail ?? strings.offline;
    }
    await this.updateComplete;
    this._field.focus();
  }

  _date(iso) {
    const parts = iso.split("-").length;
    if (parts < 3) return parts === 1 ? iso : iso.split("-").reverse().join(".");
    return new Intl.DateTimeFormat(`${this.locale}-CH`, { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));
  }

  /** Brings the latest question to the top, for its answer to be read from the first line; or what failed into view. */
  async _scrollToEnd() {
    await this.updateComplete;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const failed = this.renderRoot.querySelector(".retry");
    const asked = Array.from(this.renderRoot.querySelectorAll("li.user, .unsent")).at(-1);
    if (failed) failed.scrollIntoView({ block: "nearest", behavior });
    else asked?.scrollIntoView({ block: "start", behavior });
  }
}

customElements.define("cornavin-chat", CornavinChat);
