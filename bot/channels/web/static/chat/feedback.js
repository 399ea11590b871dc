/**
 * What the person thinks of an answer: a thumb, then a comment if they like. `<cornavin-feedback>` draws into the chat,
 * whose styles hold for it. The thumb stays pressed after a reload; the server keeps the latest.
 */

import { LitElement, html, nothing } from "../vendor/lit.js";
import { recall, remember } from "./storage.js";
import { strings } from "./strings.js";

const THUMB = html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="M7 10v11H3V10zm2 0 4-8c1.7 0 3 1.3 3 3v4h4.5c1.3 0 2.2 1.2 1.9 2.4l-2 8c-.2.9-1 1.6-2 1.6H9z" />
</svg>`;

const LONGEST_COMMENT = 1000;

class CornavinFeedback extends LitElement {
  static properties = {
    api: { attribute: false },
    message: { type: Number },
    _value: { state: true },
    _asking: { state: true },
    _answer: { state: true },
  };

  constructor() {
    super();
    this._asking = false;
    this._answer = "";
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has("message")) this._value = recall("feedback")?.[this.message];
  }

  render() {
    return html`
      <div class="thumbs" role="group" aria-label=${strings.feedback}>
        ${this.#thumb("up", strings.helpful)} ${this.#thumb("down", strings.unhelpful)}
        <span>${this._answer}</span>
      </div>
      ${this._asking ? this.#comment() : nothing}
    `;
  }

  #thumb(value, label) {
    return html`<button
      type="button"
      class="thumb ${value}"
      title=${label}
      aria-label=${label}
      aria-pressed=${this._value === value}
      @click=${() => this.#rate(value)}
    >
      ${THUMB}
    </button>`;
  }

  #comment() {
    const id = `comment-${this.message}`;
    return html`
      <form class="comment" @submit=${this.#send}>
        <label for=${id}>${strings.comment}</label>
        <textarea id=${id} rows="2" dir="auto" maxlength=${LONGEST_COMMENT} @keydown=${this.#leave}></textarea>
        <button type="submit">${strings.send_comment}</button>
        <button type="button" class="plain" @click=${this.#close}>${strings.close}</button>
      </form>
    `;
  }

  async #rate(value) {
    if (await this.#give({ value })) this._asking = true;
  }

  #send = async (event) => {
    event.preventDefault();
    const comment = this.querySelector("textarea").value.trim();
    if (!comment || (await this.#give({ value: this._value, comment }))) this.#close();
  };

  #leave = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  };

  #close = async () => {
    this._asking = false;
    await this.updateComplete;
    this.querySelector("[aria-pressed=true]")?.focus();
  };

  async #give(feedback) {
    try {
      await this.api.giveFeedback({ message_id: this.message, ...feedback });
    } catch (error) {
      this.#say(error.detail ?? strings.disconnected);
      return false;
    }
    this._value = feedback.value;
    remember("feedback", { ...recall("feedback"), [this.message]: feedback.value });
    this.#say(feedback.comment ? strings.thanks_for_comment : strings.thanks);
    return true;
  }

  /** Shows a word here and has the chat announce it. */
  #say(words) {
    this._answer = words;
    this.dispatchEvent(new CustomEvent("announce", { detail: words, bubbles: true, composed: true }));
  }
}

customElements.define("cornavin-feedback", CornavinFeedback);
