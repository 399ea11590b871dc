/** Files on their way to the server, one after another: each with its progress, to be cancelled; then they are sent. */

import { html, nothing } from "../vendor/lit.js";
import { format, strings } from "./strings.js";

export const ACCEPTED = "image/*,application/pdf";

/** What the server takes of one file. It says so itself, too; but only after all of it has been sent. */
const LARGEST = 10 * 1024 * 1024;

export class Uploads {
  /** `{file, share, id, error, canRetry, aborter}`; `share` of it has arrived, `id` is there once it is checked. */
  files = [];
  #host;
  #api;
  #sending = false;

  constructor(host, api) {
    this.#host = host;
    this.#api = api;
  }

  get areUnderWay() {
    return this.files.some(({ id, error }) => !id && !error);
  }

  /** Those that have arrived; what was refused stays until it is removed. */
  get arrived() {
    return this.files.filter(({ id }) => id);
  }

  /** Takes those that have arrived, to be sent. */
  take() {
    const { arrived } = this;
    this.#set(this.files.filter(({ id }) => !id));
    return arrived;
  }

  add(files) {
    const added = Array.from(files, (file) => {
      const error = file.size > LARGEST ? strings.file_too_big : null;
      return { file, share: 0, id: null, error, canRetry: false, aborter: new AbortController() };
    });
    this.#set([...this.files, ...added]);
    this.#sendAll();
  }

  clear() {
    for (const { aborter } of this.files) aborter.abort();
    this.#set([]);
  }

  view() {
    if (!this.files.length) return nothing;
    return html`<ul class="uploads" aria-label=${strings.files}>
      ${this.files.map((upload) => this.#chip(upload))}
    </ul>`;
  }

  #chip(upload) {
    const { file, id, error, canRetry } = upload;
    const action = format(id || error ? strings.remove_file : strings.cancel_file, { name: file.name });
    return html`<li class=${error ? "refused" : ""}>
      <div>
        <bdi>${file.name}</bdi>
        ${error ? html`<p class="error" role="alert">${error}</p>` : this.#standing(upload)}
      </div>
      ${canRetry
        ? html`<button
            type="button"
            class="plain"
            aria-label="${strings.retry} : ${file.name}"
            @click=${() => this.#retry(upload)}
          >
            ${strings.retry}
          </button>`
        : nothing}
      <button type="button" class="plain" aria-label=${action} title=${action} @click=${() => this.#discard(upload)}>
        <span aria-hidden="true">×</span>
      </button>
    </li>`;
  }

  #standing({ file, share, id }) {
    if (id) return html`<span>${strings.file_ready}</span>`;
    if (share === 1) return html`<span>${strings.file_checking}</span>`;
    return html`<progress max="1" .value=${share} aria-label=${file.name}></progress>`;
  }

  #discard(upload) {
    upload.aborter.abort();
    if (upload.id) this.#api.removeFile(upload.id).catch(() => {}); // it is deleted in a few days all the same
    this.#set(this.files.filter((other) => other !== upload));
    this.#host.focusField();
  }

  #retry(upload) {
    Object.assign(upload, { share: 0, error: null, canRetry: false });
    this.#host.focusField();
    this.#host.requestUpdate();
    this.#sendAll();
  }

  async #sendAll() {
    if (this.#sending) return;
    this.#sending = true;
    for (;;) {
      const next = this.files.find(({ id, error }) => !id && !error);
      if (!next) break;
      await this.#send(next);
    }
    this.#sending = false;
  }

  async #send(upload) {
    const { file, aborter } = upload;
    const progress = (share) => {
      upload.share = share;
      this.#host.requestUpdate();
    };
    try {
      upload.id = (await this.#api.upload(file, progress, aborter.signal)).id;
      if (!aborter.signal.aborted) this.#host.announce(`${file.name} : ${strings.file_ready}`);
    } catch (error) {
      upload.error = error.detail ?? strings.disconnected;
      upload.canRetry = error.isPassing;
    }
    this.#host.requestUpdate();
  }

  #set(files) {
    this.files = files;
    this.#host.requestUpdate();
  }
}
