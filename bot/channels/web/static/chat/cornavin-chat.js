/**
 * The chat. Accessible by keyboard and screen reader: each answer is said once, by the log or because the focus goes to
 * it; the log stays silent about what was said before the page was opened; the open question keeps the focus; a button
 * that disappears hands its focus to what came of it.
 */

import { LitElement, html, live, nothing, repeat } from "../vendor/lit.js";
import { ChatApi } from "./api.js";
import { Conversation } from "./conversation.js";
import { today } from "./dates.js";
import { save } from "./download.js";
import { addressIn, choose, takeTyped } from "./language.js";
import { messageStyles } from "./message-styles.js";
import { messageView } from "./message.js";
import { pageStyles } from "./page-styles.js";
import { picker } from "./picker.js";
import { recall, remember } from "./storage.js";
import { format, strings } from "./strings.js";
import { transcript } from "./transcript.js";
import { uploadStyles } from "./upload-styles.js";
import { ACCEPTED, Uploads } from "./uploads.js";

const MOST_UNSENT = 20;
const PAPERCLIP = "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7";
const CAMERA = "M3 8h4l2-3h6l2 3h4v11H3zm9 9a4 4 0 1 0 0-8 4 4 0 0 0 0 8z";

class CornavinChat extends LitElement {
  static styles = [pageStyles, messageStyles, uploadStyles];

  static properties = {
    locale: { type: String },
    longestText: { type: Number, attribute: "longest-text" },
    _draft: { state: true },
    _notice: { state: true },
    _announcement: { state: true },
    _service: { state: true },
    _isTarget: { state: true },
  };

  constructor() {
    super();
    this._draft = takeTyped();
    this._notice = "";
    this._announcement = "";
    this._service = { notice: null, locales: [], uploads: false };
    this._isTarget = false;
    this._shown = {};
    this._handsOverAfter = null;
    this._read = null;
    this.addEventListener("announce", ({ detail }) => this.announce(detail));
    this.addEventListener("dragover", this._dragOver);
    this.addEventListener("dragleave", () => (this._isTarget = false));
    this.addEventListener("drop", this._drop);
  }

  connectedCallback() {
    if (!this._api) {
      this._api = new ChatApi(this.locale);
      this._uploads = new Uploads(this, this._api);
      this._conversation = new Conversation(this, this._api, {
        lost: (error) => this._ended(error.detail),
        ended: () => this._ended(),
        erased: () => this._ended(strings.erased),
      });
      this._readService();
    }
    super.connectedCallback();
  }

  /** Asks for the page around a frame; a text that is too long waits in an empty field. */
  ask(text) {
    if (Array.from(text).length <= this.longestText) this._say({ text }, text);
    else if (!this._draft) this._draft = text;
  }

  /** Has a screen reader say something that is seen elsewhere; the same again is only said after nothing was there. */
  async announce(text) {
    this._announcement = "";
    await this.updateComplete;
    this._announcement = text;
  }

  _ended(detail) {
    this._uploads.clear();
    this._notice = detail ?? strings.ended_elsewhere;
  }

  focusField() {
    this.renderRoot.querySelector("#message").focus();
  }

  async _readService() {
    try {
      this._service = await this._api.service();
    } catch {
      // The conversation tells that there is no connection.
    }
  }

  render() {
    const { messages, outbox, failure, working, loaded } = this._conversation;
    const writes = working && !failure;
    return html`
      ${this._renderHeader(messages.length > 0 || outbox.length > 0)}
      ${strings.sandbox ? html`<p class="sandbox">${strings.sandbox}</p>` : nothing} ${this._renderServiceNotice()}
      <div class="scroll">
        ${loaded ? this._renderConversation() : nothing} ${outbox.map((item, index) => this._renderUnsent(item, index))}
        <p class="writing" role="status">
          ${writes
            ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${strings.writing}`
            : html`<span class="visually-hidden">${this._announcement}</span>`}
        </p>
      </div>
      ${this._renderPicker()}
      <div class="foot">
        ${repeat(
          this._alerts,
          (text) => text,
          (text) => html`<p class="notice" role="alert">${text}</p>`,
        )}
        ${this._renderForm()}
      </div>
      ${this._renderEraseDialog()} ${this._isTarget ? html`<p class="target" aria-hidden="true">${strings.drop}</p>` : nothing}
    `;
  }

  _renderHeader(hasContent) {
    return html`
      <header class=${hasContent ? "busy" : ""}>
        <h1>Cornavin <span>${strings.subtitle}</span></h1>
        ${this._renderLanguages()}
        <div class="actions">
          <button class="quiet" type="button" @click=${this._callPerson}>${strings.talk}</button>
          ${this._conversation.state.logged_in
            ? html`<button class="quiet" type="button" @click=${this._logOut}>${strings.log_out}</button>`
            : nothing}
          ${hasContent
            ? html`
                <button class="quiet" type="button" aria-label=${strings.keep_label} @click=${this._keep}>
                  ${strings.keep}
                </button>
                <button class="quiet" type="button" aria-label=${strings.erase_label} @click=${this._askToErase}>
                  ${strings.erase}
                </button>
              `
            : nothing}
        </div>
      </header>
    `;
  }

  /** Browsers may keep confirm() from frames of another origin, which is where the chat lives. */
  _renderEraseDialog() {
    return html`<dialog aria-labelledby="erase" aria-describedby="erase-what erase-stays">
      <p id="erase">${strings.erase_confirm}</p>
      <p id="erase-what">${strings.erase_what}</p>
      <p id="erase-stays">${strings.erase_stays}</p>
      <div class="choices">
        <button type="button" @click=${this._closeDialog}>${strings.erase_no}</button>
        <button type="button" class="strong" @click=${this._erase}>${strings.erase_yes}</button>
      </div>
    </dialog>`;
  }

  _renderLanguages() {
    const { locales } = this._service;
    if (locales.length < 2) return nothing;
    return html`<nav aria-label=${strings.language}>
      ${locales.map(
        (tag) => html`<a
          href=${addressIn(tag)}
          lang=${tag}
          hreflang=${tag}
          aria-current=${tag === this.locale ? "true" : nothing}
          aria-label=${new Intl.DisplayNames(tag, { type: "language" }).of(tag)}
          @click=${() => choose(tag, this._draft)}
          >${tag.toUpperCase()}</a
        >`,
      )}
    </nav>`;
  }

  _renderServiceNotice() {
    const { notice } = this._service;
    if (!notice || this._dismissed === notice || recall("notice") === notice) return nothing;
    return html`<section class="banner" aria-label=${strings.service_notice}>
      <p dir="auto">${notice}</p>
      <button class="plain" type="button" aria-label=${strings.dismiss} title=${strings.dismiss} @click=${this._dismiss}>
        <span aria-hidden="true">×</span>
      </button>
    </section>`;
  }

  /** The log comes into being with what was said before already in it, which is how it is not announced. */
  _renderConversation() {
    const { messages, outbox, state } = this._conversation;
    const context = { api: this._api, locale: this.locale, download: this._download };
    return html`
      ${messages.length || outbox.length ? nothing : this._renderWelcome()}
      <div role="log" aria-live="polite" aria-label=${strings.conversation}>
        <ol class="messages">
          ${repeat(
            messages,
            (message) => message.id,
            (message) => {
              const isLatest = message === messages.at(-1) && message.author !== "user";
              return messageView(message, {
                ...context,
                step: message.id === state.question ? state : null,
                isRead: message.id === this._read,
                choices: isLatest && message.choices.length ? this._renderChoices(message.choices) : nothing,
              });
            },
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

  _renderChoices(choices) {
    return html`
      <div class="choices" role="group" aria-label=${strings.choices}>
        ${choices.map(({ id, label }) => this._renderChoice({ choice: id }, label))}
      </div>
    `;
  }

  _renderChoice(content, label) {
    return html`<button type="button" ?disabled=${!this._isFree} @click=${() => this._choose(content, label)}>
      ${label}
    </button>`;
  }

  _renderUnsent({ label }, index) {
    const failed = index === 0 && this._conversation.failure;
    return html`
      <div class="unsent">
        <p class="text">${label}</p>
        ${failed
          ? html`<p class="retry">
              ${strings.not_sent} <button type="button" @click=${this._retry}>${strings.retry}</button>
              <button type="button" class="plain" @click=${this._discard}>${strings.discard}</button>
            </p>`
          : nothing}
      </div>
    `;
  }

  _renderPicker() {
    const { state, loaded } = this._conversation;
    if (!loaded || !this._isFree || !["date", "past_date", "month"].includes(state.expects)) return nothing;
    return picker(state, this.locale, (text) => this._choose({ text }, text));
  }

  _renderForm() {
    const excess = this._excess;
    return html`
      <form class="composer ${this._service.uploads ? "with-files" : ""}" @submit=${this._submit}>
        ${this._uploads.view()}
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
        ${this._service.uploads ? this._renderFileButtons() : nothing}
        <button class="send" type="submit" ?disabled=${!this._canSend}>${strings.send}</button>
        <div class="fine">
          <p id="note" class=${excess > 0 ? "excess" : ""} aria-live="polite">
            ${excess > 0 ? format(strings.too_long, { count: excess }) : strings.notice}
          </p>
          ${this._renderStatement("/confidentialite", strings.privacy)}
          ${this._renderStatement("/accessibility", strings.accessibility)}
        </div>
      </form>
    `;
  }

  _renderStatement(path, name) {
    return html`<a class="statement" href="${path}?lang=${this.locale}" target="_blank" rel="noopener">
      ${name}<span class="visually-hidden"> ${strings.opens_new_window}</span>
    </a>`;
  }

  _renderFileButtons() {
    return html`
      ${this._renderFileButton("files", strings.attach, PAPERCLIP)}
      ${this._renderFileButton("photo", strings.take_photo, CAMERA)}
      <input id="files" type="file" multiple hidden accept=${ACCEPTED} @change=${this._picked} />
      <input id="photo" type="file" hidden accept="image/*" capture="environment" @change=${this._picked} />
    `;
  }

  _renderFileButton(id, label, path) {
    return html`<button
      type="button"
      class="attach ${id}"
      aria-label=${label}
      title=${label}
      @click=${() => this.renderRoot.querySelector(`#${id}`).click()}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>
    </button>`;
  }

  /** What is wrong now, and then what happened here or elsewhere. */
  get _alerts() {
    const { failure, connected, outbox } = this._conversation;
    const missing = outbox.length ? strings.offline : strings.disconnected;
    const wrong = failure ? failure.detail ?? strings.offline : connected ? "" : missing;
    return Array.from(new Set([wrong, this._notice])).filter(Boolean);
  }

  /** Whether the question that is open can be answered: nothing is on its way that may answer it. */
  get _isFree() {
    const { outbox, loaded } = this._conversation;
    return loaded && !outbox.length;
  }

  /** Whether what is typed can be sent, or at least be kept until it can. */
  get _canSend() {
    const { failure, outbox } = this._conversation;
    const isBlocked = failure && !failure.isPassing;
    const { arrived, areUnderWay } = this._uploads;
    const hasContent = this._draft.trim() || arrived.length;
    return hasContent && !areUnderWay && this._excess <= 0 && !isBlocked && outbox.length < MOST_UNSENT;
  }

  /** Characters beyond what one message may have, counted as the server counts them. */
  get _excess() {
    return Array.from(this._draft).length - this.longestText;
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

  _submit(event) {
    event.preventDefault();
    if (!this._canSend) return;
    if (event.submitter?.matches(":focus-visible")) this.focusField();
    const files = this._uploads.take();
    if (files.length) this._say({ files: files.map(({ id }) => id) }, files.map(({ file }) => file.name).join(", "));
    if (!this._draft.trim()) return;
    const text = this._draft;
    this._draft = "";
    this._say({ text }, text);
  }

  _say(content, label) {
    this._notice = "";
    this._announcement = "";
    return this._conversation.say(content, label);
  }

  async _choose(content, label) {
    if (this._isFree) await this._handOverFocus(() => this._say(content, label));
  }

  _callPerson() {
    this._say({ text: strings.talk_text }, strings.talk_text);
  }

  /** Its button goes, and hands its focus over. */
  async _logOut() {
    if (this._isFree) await this._handOverFocus(() => this._say({ text: strings.log_out }, strings.log_out));
  }

  async _retry() {
    this._notice = "";
    await this._handOverFocus(() => this._conversation.retry());
  }

  _discard() {
    this._notice = "";
    this._conversation.discard();
    this.focusField();
  }

  /** Where a button had the focus and is gone: to the first answer, or to the button that tries again. */
  async _handOverFocus(act) {
    this._handsOverAfter = this._conversation.messages.at(-1)?.id ?? 0;
    await act();
    await this.updateComplete;
    this._handsOverAfter = null;
    if (this._hasLostFocus) this.renderRoot.querySelector(".retry button")?.focus({ preventScroll: true });
  }

  /** Whether nothing has the focus, or only what cannot keep it. */
  get _hasLostFocus() {
    const focused = this.renderRoot.activeElement;
    return !focused || focused.disabled;
  }

  /** The first answer to the turn of a button, once it is there. */
  get _answerOfButton() {
    if (this._handsOverAfter === null) return undefined;
    const { messages } = this._conversation;
    const asked = messages.findIndex(({ id, author }) => id > this._handsOverAfter && author === "user");
    return asked < 0 ? undefined : messages[asked + 1];
  }

  /** The answer that is given the focus is read on account of that; the log leaves it out, or it would be said twice. */
  willUpdate() {
    const answer = this._answerOfButton;
    if (answer && (this._hasLostFocus || this.renderRoot.activeElement.closest(".retry"))) this._read = answer.id;
  }

  _askToErase() {
    this.renderRoot.querySelector("dialog").showModal();
  }

  _closeDialog() {
    this.renderRoot.querySelector("dialog").close();
  }

  async _erase() {
    this._closeDialog();
    try {
      await this._conversation.erase();
      this._uploads.clear();
      this._notice = strings.erased;
    } catch (error) {
      this._notice = error.detail ?? strings.disconnected;
    }
    await this.updateComplete;
    this.focusField();
  }

  _keep() {
    save(transcript(this._conversation.messages, this.locale), `conversation-cornavin-${today()}.txt`);
  }

  _download = async ({ url, name }) => {
    this._notice = "";
    try {
      save(await this._api.file(url), name);
    } catch (error) {
      this._notice = error.detail ?? (error.status ? strings.no_file : strings.disconnected);
    }
  };

  _dismiss() {
    this._dismissed = this._service.notice;
    remember("notice", this._dismissed);
    this.requestUpdate();
    this.focusField();
  }

  _picked(event) {
    this._uploads.add(event.target.files);
    event.target.value = "";
    this.focusField();
  }

  /** A file that is dropped must not take the place of the page, even where none is taken. */
  _dragOver(event) {
    event.preventDefault();
    this._isTarget = this._service.uploads && event.dataTransfer.types.includes("Files");
  }

  _drop(event) {
    event.preventDefault();
    if (this._isTarget) this._uploads.add(event.dataTransfer.files);
    this._isTarget = false;
  }

  updated() {
    if (this._answerOfButton?.id === this._read) {
      this.renderRoot.querySelector("li[aria-live=off]")?.focus({ preventScroll: true });
      this._handsOverAfter = null;
    }
    const { messages, outbox, failure, loaded } = this._conversation;
    const before = this._shown;
    this._shown = { last: loaded && messages.at(-1), unsent: outbox.length, failed: Boolean(failure) };
    const isNew = ["last", "unsent", "failed"].some((name) => this._shown[name] !== before[name]);
    if (isNew) this._scroll(before.last && before.unsent === this._shown.unsent && !failure);
  }

  /**
   * Brings the latest question to the top, for its answer to be read from the first line; files need not be read again;
   * or what failed into view; or a message that came by itself.
   */
  _scroll(cameByItself) {
    const all = (selector) => Array.from(this.renderRoot.querySelectorAll(selector));
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const nearest = this.renderRoot.querySelector(".retry") ?? (cameByItself ? all(".messages > li").at(-1) : null);
    if (nearest) nearest.scrollIntoView({ block: "nearest", behavior });
    else all("li.user:not(.mute), li.mute + li, .unsent").at(-1)?.scrollIntoView({ block: "start", behavior });
  }
}

customElements.define("cornavin-chat", CornavinChat);
