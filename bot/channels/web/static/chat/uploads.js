/** Files on their way to the server: each with its progress, to be cancelled, and sent when all are there. */

import { html, nothing } from "../vendor/lit.js";
import { format, strings } from "./strings.js";

export const ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.docx";

export class Uploads {
  files = [];
  #host;
  #api;

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
    for (const file of files) this.#send({ file, share: 0, id: null, error: null, aborter: new AbortController() });
  }

  clear() {
    for (const { aborter } of this.files) aborter.abort();
    this.#set([]);
  }

  remove(upload) {
    upload.aborter.abort();
    this.#set(this.files.filter((other) => other !== upload));
  }

  view() {
    if (!this.files.length) return nothing;
    return html`<ul class="uploads" aria-label=${strings.files}>
      ${this.files.map((upload) => this.#line(upload))}
    </ul>`;
  }

  #line(upload) {
    const { file, share, id, error } = upload;
    const action = format(id || error ? strings.remove_file : strings.cancel_file, { name: file.name });
    return html`<li>
      <bdi>${file.name}</bdi>
      ${error
        ? html`<span class="error" role="alert">${error}</span>`
        : id
          ? html`<span>${strings.file_ready}</span>`
          : html`<progress max="1" .value=${share} aria-label=${file.name}></progress>`}
      <button type="button" class="plain" aria-label=${action} title=${action} @click=${() => this.#discard(upload)}>
        <span aria-hidden="true">×</span>
      </button>
    </li>`;
  }

  #discard(upload) {
    this.remove(upload);
    this.#host.focusField();
  }

  async #send(upload) {
    this.#set([...this.files, upload]);
    const progress = (share) => {
      upload.share = share;
      this.#host.requestUpdate();
    };
    try {
      upload.id = (await this.#api.upload(upload.file, progress, upload.aborter.signal)).id;
      this.#host.announce(`${upload.file.name} : ${strings.file_ready}`);
    } catch (error) {
      upload.error = error.detail ?? strings.disconnected;
    }
    this.#host.requestUpdate();
  }

  #set(files) {
    this.files = files;
    this.#host.requestUpdate();
  }
}
