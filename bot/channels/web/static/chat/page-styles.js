/** The looks of the page: column, header, notices, buttons, fields. Its colours come from `tokens.css`. */

import { css } from "../vendor/lit.js";

export const pageStyles = css`
  :host {
    background: var(--background);
    block-size: 100vh;
    block-size: 100dvh;
    box-sizing: border-box;
    color: var(--text);
    display: flex;
    flex-direction: column;
    font: 1rem/1.5 system-ui, sans-serif;
    margin-inline: auto;
    max-inline-size: 46rem;
    overflow-wrap: anywhere;
    overflow-y: auto; /* where long words leave no room for the conversation */
    position: relative;
    text-wrap-style: pretty;
  }

  *,
  *::before {
    box-sizing: border-box;
  }

  .visually-hidden {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    margin: 0;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }

  :lang(de) {
    hyphens: auto;
  }

  header {
    align-items: center;
    background: var(--strong);
    color: var(--on-strong);
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    min-block-size: var(--header-size, 0);
    padding: 0.6rem 1rem;
    padding-inline-end: var(--header-end, 1rem); /* room for the button of the page around a frame */
  }

  .actions {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    min-inline-size: 0;
    gap: 0.4rem;
  }

  nav {
    display: flex;
    gap: 0.25rem;
  }

  nav a {
    color: inherit;
    min-inline-size: 2rem;
    padding: 0.25rem;
    text-align: center;
  }

  nav a[aria-current] {
    font-weight: 700;
    text-decoration: none;
  }

  h1 {
    flex: 1 1 8rem;
    font-size: 1.15rem;
    line-height: 1.2;
    margin: 0;
    min-inline-size: 0;
    overflow-wrap: break-word;
  }

  h1 span {
    display: block;
    font-size: 0.85rem;
    font-weight: 400;
  }

  a {
    color: inherit;
    text-underline-offset: 0.15em;
  }

  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }

  header :focus-visible {
    outline-color: currentColor;
  }

  header,
  .banner,
  .foot {
    flex: none;
  }

  .scroll {
    flex: 1 0 5rem;
    overflow-y: auto;
    padding: 1rem;
    position: relative;
  }

  .notice {
    background: var(--surface);
    border-inline-start: 4px solid var(--accent);
    margin: 0;
    padding: 0.6rem 1rem;
  }

  .sandbox {
    border-block-end: 1px solid var(--line);
    color: var(--muted);
    font-size: 0.875rem;
    margin: 0;
    padding: 0.2rem 1rem;
  }

  .banner {
    align-items: center;
    background: var(--surface);
    border-block-end: 1px solid var(--line);
    display: flex;
    gap: 0.5rem;
    max-block-size: 30vh;
    overflow-y: auto;
    padding: 0.3rem 0.4rem 0.3rem 1rem;
  }

  .banner p {
    flex: 1;
    margin: 0;
  }

  dialog {
    background: var(--background);
    border: 1px solid var(--line);
    border-radius: 1rem;
    color: inherit;
    max-inline-size: min(24rem, calc(100vw - 2rem));
    padding: 1rem 1.25rem 1.25rem;
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 50%);
  }

  dialog p {
    margin: 0 0 0.6rem;
  }

  dialog p:first-child {
    font-weight: 600;
  }

  button {
    background: var(--background);
    border: 1px solid var(--accent);
    border-radius: 1.25rem;
    color: var(--accent);
    cursor: pointer;
    font: inherit;
    max-inline-size: 100%;
    min-block-size: 2.5rem;
    overflow-wrap: anywhere;
    padding: 0.35rem 0.9rem;
    text-align: start;
  }

  button:hover:not(:disabled) {
    background: var(--surface);
  }

  button:disabled {
    border-color: var(--line);
    color: var(--muted);
    cursor: default;
  }

  button.quiet {
    background: transparent;
    border-color: currentColor;
    color: inherit;
    font-size: 0.875rem;
    min-block-size: 2.25rem;
    padding-block: 0.2rem;
  }

  button.plain {
    background: transparent;
    border-color: transparent;
    min-inline-size: 2.5rem;
    text-align: center;
  }

  button.quiet:hover {
    background: var(--strong);
    text-decoration: underline;
  }

  .strong,
  .send:not(:disabled) {
    background: var(--strong);
    border-color: transparent;
    color: var(--on-strong);
  }

  .strong:hover:not(:disabled),
  .send:hover:not(:disabled) {
    background: var(--strong);
    text-decoration: underline;
  }

  input,
  select {
    background: var(--background);
    border: 1px solid var(--line);
    border-radius: 0.75rem;
    color: inherit;
    font: inherit;
    max-inline-size: 100%;
    min-block-size: 2.5rem;
    padding: 0.3rem 0.75rem;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }

  form {
    align-items: end;
    border-block-start: 1px solid var(--line);
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem 0.5rem;
    justify-content: end;
    padding: 0.6rem 1rem calc(0.5rem + env(safe-area-inset-bottom));
  }

  textarea {
    background: var(--background);
    border: 1px solid var(--line);
    border-radius: 1.25rem;
    color: inherit;
    field-sizing: content;
    flex: 1 1 6rem;
    font: inherit;
    max-block-size: 30dvh;
    min-block-size: 2.75rem;
    padding: 0.6rem 0.9rem;
    resize: none;
    text-wrap-style: stable;
  }

  textarea::placeholder {
    color: var(--muted);
    opacity: 1;
  }

  .send {
    min-block-size: 2.75rem;
  }

  .fine {
    align-items: baseline;
    display: flex;
    flex: 1 1 100%;
    flex-wrap: wrap;
    font-size: 0.8rem;
    gap: 0 1rem;
    justify-content: space-between;
    line-height: 1.35;
  }

  #note {
    color: var(--muted);
    flex: 1 1 14rem;
    margin: 0;
  }

  #note.excess {
    color: var(--accent);
    font-weight: 600;
  }

  .statement {
    color: var(--muted);
    line-height: 1.5rem;
  }

  .picker {
    align-items: center;
    justify-content: start;
    padding-block-end: 0;
  }

  .picker label {
    flex: 0 1 auto;
    margin-inline-end: 0.25rem;
  }

  .picker + .foot .composer {
    border-block-start: 0;
  }

  @media (max-width: 30rem) {
    .busy h1 span {
      display: none;
    }

    button.quiet {
      font-size: 0.8125rem;
      padding-inline: 0.55rem;
    }

    .picker label,
    .with-files textarea {
      flex-basis: 100%;
    }
  }

  @media (max-width: 22rem) {
    header {
      padding-inline-start: 0.5rem; /* the end may be kept free for a button of the page around */
    }

    .actions {
      gap: 0.25rem;
    }

    button.quiet {
      padding-inline: 0.4rem;
    }
  }

  /* With the keyboard of a phone open, or at 400 % zoom, the answer needs the room: all but the field scrolls. */
  @media (max-height: 32rem) {
    header {
      padding-block: 0.3rem;
    }

    .notice {
      font-size: 0.875rem;
      line-height: 1.3;
      padding-block: 0.3rem;
    }

    button.quiet {
      min-block-size: 2rem;
      padding-block: 0.1rem;
    }

    h1 span,
    #note:not(.excess),
    .statement {
      display: none;
    }

    textarea {
      max-block-size: max(2.75rem, 25dvh);
    }
  }

  @media (max-height: 24rem) {
    :host {
      display: block;
      scroll-padding-block-end: 6rem;
    }

    .scroll {
      min-block-size: calc(100% - 9rem);
      overflow: visible;
    }

    .foot {
      background: var(--background);
      inset-block-end: 0;
      position: sticky;
    }
  }
`;
