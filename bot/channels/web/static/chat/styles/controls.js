/** Buttons and fields, wherever they stand. */

import { css } from "../../vendor/lit.js";

export const controls = css`
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

  @media (max-width: 30rem) {
    button.quiet {
      font-size: 0.8125rem;
      padding-inline: 0.55rem;
    }
  }

  @media (max-width: 22rem) {
    button.quiet {
      padding-inline: 0.4rem;
    }
  }

  @media (max-height: 32rem) {
    button.quiet {
      min-block-size: 2rem;
      padding-block: 0.1rem;
    }
  }
`;
