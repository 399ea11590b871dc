/** The page: its column, header, notices and the dialog. Phones of 2017 are in use and know neither nesting nor dvh. */

import { css } from "../../vendor/lit.js";

export const layout = css`
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
    position: relative;
    overflow-wrap: anywhere;
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

  .scroll {
    flex: 1;
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
    margin: 0;
  }

  @media (max-width: 30rem) {
    .busy h1 span {
      display: none;
    }
  }

  @media (max-width: 22rem) {
    header {
      padding-inline-start: 0.5rem; /* the end may be kept free for a button of the page around */
    }

    .actions {
      gap: 0.25rem;
    }
  }

  /* With the keyboard of a phone open, or at 400 % zoom, the answer needs the room: all but the field scrolls. */
  @media (max-height: 32rem) {
    header {
      padding-block: 0.3rem;
    }

    h1 span {
      display: none;
    }

    .notice {
      font-size: 0.875rem;
      line-height: 1.3;
      padding-block: 0.3rem;
    }
  }

  @media (max-height: 24rem) {
    :host {
      display: block;
      overflow-y: auto;
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
