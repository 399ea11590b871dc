import { css } from "../vendor/lit.js";

/**
 * Colours meet WCAG AA in both schemes. `accent` writes on the background; `strong` is a surface to write on. The
 * schemes are media queries because phones of 2017 are in use and know neither light-dark() nor dvh.
 */
export const styles = css`
  :host {
    --accent: #a3132f;
    --strong: #a3132f;
    --on-strong: #fff;
    --background: #fff;
    --surface: #f4f2ef;
    --text: #1c1c1e;
    --muted: #55555c;
    --line: #8a8a92;
    --focus: #0b57d0;
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

  @media (prefers-color-scheme: dark) {
    :host {
      --accent: #ff9aa8;
      --strong: #6d1a2c;
      --background: #1d2027;
      --surface: #2a2e37;
      --text: #f0f0f2;
      --muted: #b6b8c0;
      --line: #7c8090;
      --focus: #a8c7fa;
    }
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

  .messages {
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
    list-style: none;
    margin: 0;
    padding: 0;
  }

  .text {
    border: 1px solid transparent; /* seen with forced colours */
    border-radius: 1rem;
    margin: 0;
    max-inline-size: min(100%, 36rem);
    padding: 0.6rem 0.9rem;
    inline-size: fit-content;
  }

  .messages > li,
  .unsent {
    scroll-margin-block: 0.75rem;
  }

  .messages > li {
    border-radius: 1rem;
  }

  .bot .text {
    background: var(--surface);
    border-end-start-radius: 0.25rem;
  }

  .user .text,
  .unsent .text {
    background: var(--strong);
    border-end-end-radius: 0.25rem;
    color: var(--on-strong);
    margin-inline-start: auto;
    max-inline-size: min(85%, 32rem);
    text-align: start;
    unicode-bidi: plaintext; /* turns the text to its own direction, and not the bubble */
    white-space: pre-wrap;
  }

  .unsent {
    margin-block-start: 0.75rem;
  }

  .retry {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    justify-content: end;
    margin: 0.4rem 0 0;
    scroll-margin-block: 0.5rem;
  }

  .text > :first-child {
    margin-block-start: 0;
  }

  .text > :last-child {
    margin-block-end: 0;
  }

  .text p,
  .text ul,
  .text ol {
    margin-block: 0.5rem;
  }

  .text ul,
  .text ol {
    padding-inline-start: 1.4rem;
  }

  .text ul,
  details ul {
    list-style-type: disc;
  }

  .text li > p {
    margin: 0;
  }

  a {
    color: inherit;
    text-underline-offset: 0.15em;
  }

  .step,
  .author {
    color: var(--muted);
    font-size: 0.875rem;
    margin: 0 0.9rem 0.2rem;
  }

  .attachments,
  .uploads {
    list-style: none;
    margin: 0.4rem 0 0;
    padding: 0;
  }

  .attachments {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }

  .attachments button {
    align-items: center;
    border-radius: 0.75rem;
    display: flex;
    gap: 0.6rem;
  }

  .arrow {
    font-weight: 700;
  }

  .after {
    align-items: start;
    display: flex;
    flex-wrap: wrap;
    gap: 0 1rem;
    justify-content: space-between;
    margin: 0.2rem 0.9rem 0;
    max-inline-size: 36rem;
  }

  cornavin-feedback {
    color: var(--muted);
    font-size: 0.875rem;
    margin-inline-start: auto;
  }

  .thumbs {
    align-items: center;
    display: flex;
    gap: 0.25rem;
    justify-content: end;
  }

  .thumbs span {
    order: -1;
  }

  .thumb {
    align-items: center;
    border-color: transparent;
    color: var(--muted);
    display: flex;
    inline-size: 2rem;
    justify-content: center;
    min-block-size: 2rem;
    padding: 0;
  }

  svg {
    block-size: 1.25rem;
    display: block;
    fill: none;
    inline-size: 1.25rem;
    stroke: currentColor;
    stroke-linejoin: round;
    stroke-width: 1.75;
  }

  .thumb.down svg {
    transform: rotate(180deg);
  }

  .thumb[aria-pressed="true"] {
    border-color: currentColor;
    color: var(--accent);
  }

  .thumb[aria-pressed="true"] svg {
    fill: currentColor;
  }

  .comment {
    border: 0;
    padding: 0.4rem 0 0;
  }

  .comment > textarea,
  .comment > label {
    flex-basis: 100%;
  }

  .table {
    overflow-wrap: normal;
    overflow-x: auto;
  }

  table {
    border-collapse: collapse;
  }

  th,
  td {
    border-block-end: 1px solid var(--line);
    padding: 0.25rem 0.5rem;
    text-align: start;
  }

  details {
    color: var(--muted);
    flex: 1 1 10rem;
    font-size: 0.875rem;
  }

  details[open] {
    flex-basis: 100%;
  }

  summary {
    cursor: pointer;
    inline-size: fit-content;
    min-block-size: 2rem;
    padding-block: 0.25rem;
  }

  details ul {
    margin: 0.25rem 0;
    padding-inline-start: 1.2rem;
  }

  small {
    display: block;
    font-size: inherit;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }

  .welcome {
    margin-block-end: 1rem;
  }

  .welcome p {
    background: var(--surface);
    border-radius: 1rem 1rem 1rem 0.25rem;
    margin: 0;
    max-inline-size: 36rem;
    padding: 0.6rem 0.9rem;
  }

  .writing {
    align-items: center;
    color: var(--muted);
    display: flex;
    gap: 0.5rem;
    margin: 0.5rem 0 0;
    min-block-size: 1.5rem;
  }

  .dots i {
    animation: blink 1.2s infinite;
    background: currentColor;
    block-size: 0.4rem;
    border-radius: 50%;
    display: inline-block;
    inline-size: 0.4rem;
    margin-inline-end: 0.2rem;
  }

  .dots i:nth-child(2) {
    animation-delay: 0.2s;
  }

  .dots i:nth-child(3) {
    animation-delay: 0.4s;
  }

  @keyframes blink {
    0%,
    80%,
    100% {
      opacity: 0.3;
    }
    40% {
      opacity: 1;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .dots i {
      animation: none;
    }
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

  .target {
    align-items: center;
    background: var(--background);
    border: 3px dashed var(--accent);
    display: flex;
    inset: 0;
    justify-content: center;
    margin: 0;
    opacity: 0.95;
    pointer-events: none;
    position: absolute;
  }

  .uploads {
    display: flex;
    flex: 1 1 100%;
    flex-wrap: wrap;
    gap: 0.4rem;
    margin: 0;
    max-block-size: 40vh;
    overflow-y: auto;
  }

  .uploads li {
    align-items: center;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 0.75rem;
    display: flex;
    max-inline-size: 100%;
    padding-inline-start: 0.75rem;
  }

  .uploads div {
    flex: 1;
    padding-block: 0.3rem;
  }

  .uploads .refused {
    border-color: var(--accent);
    flex-basis: 100%;
  }

  .uploads bdi {
    font-weight: 600;
    margin-inline-end: 0.4rem;
  }

  .uploads div > span {
    color: var(--muted);
    font-size: 0.875rem;
  }

  .uploads p {
    margin: 0;
  }

  .user .attachments {
    justify-content: end;
  }

  .error {
    color: var(--accent);
  }

  progress {
    accent-color: var(--accent);
    inline-size: 6rem;
  }

  .attach {
    min-block-size: 2.75rem;
    padding-inline: 0.7rem;
  }

  @media (pointer: fine) {
    .photo {
      display: none;
    }
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
    margin: 0 0 1rem;
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

  #note {
    color: var(--muted);
    flex: 1 1 100%;
    font-size: 0.8rem;
    line-height: 1.35;
    margin: 0;
  }

  #note.excess {
    color: var(--accent);
    font-weight: 600;
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

    h1 span,
    #note:not(.excess) {
      display: none;
    }

    button.quiet {
      min-block-size: 2rem;
      padding-block: 0.1rem;
    }

    .notice {
      font-size: 0.875rem;
      line-height: 1.3;
      padding-block: 0.3rem;
    }

    textarea {
      max-block-size: max(2.75rem, 25dvh);
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
