/** One message with what belongs to it. */

import { html, nothing } from "../vendor/lit.js";
import "./feedback.js";
import { markdown } from "./markdown.js";
import { sourcesView } from "./sources.js";
import { format, strings } from "./strings.js";

/** Texts that were made into elements already: a chat is drawn again at every key. */
const drawn = new WeakMap();

function body(message) {
  if (!drawn.has(message)) drawn.set(message, markdown(message.text, strings.opens_new_window));
  return drawn.get(message);
}

const KINDS = {
  "application/pdf": "PDF",
  "text/calendar": strings.kind_calendar,
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
};

function attachmentsView(attachments, download) {
  return html`<ul class="attachments" aria-label=${strings.files}>
    ${attachments.map(
      (attachment) => html`<li>
        <button type="button" @click=${() => download(attachment)}>
          <span class="visually-hidden">${strings.download}</span>
          <span aria-hidden="true" class="arrow">↓</span>
          <span><bdi>${attachment.name}</bdi> <small>${KINDS[attachment.mime.split(";")[0]] ?? attachment.mime}</small></span>
        </button>
      </li>`,
    )}
  </ul>`;
}

/**
 * @param {object} message as the chat API gives it
 * @param {{api: object, locale: string, step: object | null, isRead: boolean, choices: unknown, download: Function}}
 *   context `step` is the state while this message asks the question of a form, `isRead` says that it is read for having
 *   the focus, `choices` is what may be tapped below it
 */
export function messageView(message, { api, locale, step, isRead, choices, download }) {
  const isUser = message.author === "user";
  const author = { user: strings.you, bot: strings.assistant, agent: strings.agent }[message.author];
  const { attachments = [] } = message;
  return html`
    <li
      class=${isUser ? (message.text ? "user" : "user mute") : message.author === "agent" ? "bot agent" : "bot"}
      lang=${message.lang}
      tabindex="-1"
      aria-live=${isRead ? "off" : nothing}
    >
      <p class=${message.author === "agent" ? "author" : "visually-hidden"}>${author}</p>
      ${step?.step
        ? html`<p class="step">
            ${format(step.steps ? strings.step_of : strings.step, { step: step.step, steps: step.steps })}
          </p>`
        : nothing}
      ${isUser
        ? message.text
          ? html`<p class="text">${message.text}</p>`
          : nothing
        : html`<div class="text" dir="auto">${body(message)}</div>`}
      ${attachments.length ? attachmentsView(attachments, download) : nothing}
      ${isUser
        ? nothing
        : html`<div class="after" aria-live="off">
            ${message.sources.length ? sourcesView(message.sources, locale) : nothing}
            <cornavin-feedback .api=${api} .message=${message.id}></cornavin-feedback>
          </div>`}
      ${choices}
    </li>
  `;
}
