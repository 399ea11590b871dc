/** The looks of what is said, and of what stands beside it. */

import { css } from "../vendor/lit.js";

export const messageStyles = css`
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

  .text code {
    display: inline-block; /* a code to copy stays in one line where it can */
    font-weight: 600;
    max-inline-size: 100%;
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

  .step,
  .author {
    color: var(--muted);
    font-size: 0.875rem;
    margin: 0 0.9rem 0.2rem;
  }

  .attachments {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    list-style: none;
    margin: 0.4rem 0 0;
    padding: 0;
  }

  .user .attachments {
    justify-content: end;
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

  /* On a phone, a row is read from top to bottom, and no column is cut off. */
  @media (max-width: 30rem) {
    thead {
      clip-path: inset(50%);
      position: absolute;
    }

    table,
    tbody,
    tr,
    td {
      display: block;
    }

    tr {
      border-block-end: 1px solid var(--line);
      padding-block: 0.4rem;
    }

    td {
      border: 0;
      padding: 0;
    }

    td:first-child {
      font-weight: 600;
    }
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
`;
