/**
 * The chat. Accessible by keyboard and screen reader: answers are announced once by the log, the open question keeps
 * the focus, and a choice that disappears hands its focus to the answer.
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
    _unsent: { state: true },
    _notice: { state: true },
  };

  constructor() {
    super();
    this._messages = [];
    this._draft = "";
    this._busy = false;
    this._unsent = null;
    this._notice = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this._api = new ChatApi(this.locale);
    if (this._api.hasSession) this._restore();
  }

  async _restore() {
    try {
      this._messages = await this._api.history();
    } catch (error) {
      if (error.status === 401) this._api.forget();
      else this._notice = error.detail ?? strings.offline;
    }
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
      <div class="scroll" tabindex="-1">
        ${this._messages.length ? nothing : this._renderWelcome()}
        <ol role="log" aria-live="polite" aria-label=${strings.conversation}>
          ${repeat(
            this._messages,
            (message) => message.id,
            (message) => this._renderMessage(message),
          )}
        </ol>
        ${this._renderUnsent()}
        <p class="writing" role="status">
          ${this._busy ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${strings.writing}` : nothing}
        </p>
      </div>
      ${this._notice ? html`<p class="notice" role="alert">${this._notice}</p>` : nothing} ${this._renderForm()}
    `;
  }

  _renderWelcome() {
    const examples = [strings.example_registration, strings.example_number, strings.example_documents];
    return html`
      <div class="welcome">
        <p>${strings.welcome}</p>
        <div class="choices" role="group" aria-label=${strings.welcome_examples}>
          ${examples.map((text) => html`<button type="button" @click=${() => this._choose({ text }, text)}>${text}</button>`)}
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
          ? html`<p class="text" dir="auto">${message.text}</p>`
          : html`<div class="text">${markdown(message.text, strings.opens_new_window)}</div>`}
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
        ${choices.map(
          ({ id, label }) => html`
            <button type="button" ?disabled=${this._busy} @click=${() => this._choose({ choice: id }, label)}>${label}</button>
          `,
        )}
      </div>
    `;
  }

  _renderUnsent() {
    if (!this._unsent) return nothing;
    return html`
      <div class="unsent">
        <p class="text" dir="auto">${this._unsent.label}</p>
        ${this._unsent.failed
          ? html`<p class="retry">
              ${strings.not_sent} <button type="button" @click=${this._retry}>${strings.retry}</button>
            </p>`
          : nothing}
      </div>
    `;
  }

  _renderForm() {
    const excess = this._draft.length - this.longestText;
    return html`
      <form @submit=${this._submit}>
        <label class="visually-hidden" for="message">${strings.message}</label>
        <textarea
          id="message"
          rows="1"
          autocomplete="off"
          enterkeyhint="send"
          aria-describedby="note"
          placeholder=${strings.placeholder}
          .value=${live(this._draft)}
          @input=${this._input}
          @keydown=${this._keydown}
        ></textarea>
        <button class="send" type="submit" ?disabled=${!this._canSend}>${strings.send}</button>
        <p id="note" class=${excess > 0 ? "excess" : ""}>
          ${excess > 0 ? format(strings.too_long, { count: excess }) : strings.notice}
        </p>
      </form>
    `;
  }

  get _canSend() {
    return this._draft.trim() && this._draft.length <= this.longestText && !this._busy && !this._unsent;
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
    await this._take({ text }, text);
  }

  async _choose(turn, label) {
    if (this._busy || this._unsent) return;
    await this._take(turn, label);
    const answers = this.renderRoot.querySelectorAll("li.bot");
    answers[answers.length - 1]?.focus({ preventScroll: true });
  }

  async _take(turn, label) {
    this._unsent = { turn: { client_id: newClientId(), ...turn }, label, failed: false };
    await this._deliver();
  }

  async _retry() {
    this._unsent = { ...this._unsent, failed: false };
    await this._deliver();
  }

  async _deliver() {
    const { turn } = this._unsent;
    this._busy = true;
    this._notice = "";
    await this._scrollToEnd();
    try {
      await this._api.send(turn);
      this._messages = [...this._messages, ...(await this._api.history(this._messages.at(-1)?.id))];
      this._unsent = null;
    } catch (error) {
      if (error.status === 401) {
        this._api.forget();
        this._messages = [];
      }
      this._notice = error.detail ?? strings.offline;
      this._unsent = { ...this._unsent, failed: true };
    }
    this._busy = false;
    await this._scrollToEnd();
  }

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
    this.renderRoot.querySelector("textarea").focus();
  }

  _date(iso) {
    const parts = iso.split("-").length;
    if (parts < 3) return parts === 1 ? iso : iso.split("-").reverse().join(".");
    return new Intl.DateTimeFormat(`${this.locale}-CH`, { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));
  }

  /** Brings the beginning of the newest message into view: answers are read from their first line. */
  async _scrollToEnd() {
    await this.updateComplete;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const users = this.renderRoot.querySelectorAll("li.user, .unsent");
    const target = users[users.length - 1];
    target?.scrollIntoView({ block: "start", behavior });
  }
}

customElements.define("cornavin-chat", CornavinChat);
