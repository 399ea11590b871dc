/** Where one writes or picks, at the foot of the page. */

import { css } from "../../vendor/lit.js";

export const form = css`
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
    .picker label,
    .with-files textarea {
      flex-basis: 100%;
    }
  }

  @media (max-height: 32rem) {
    #note:not(.excess),
    .statement {
      display: none;
    }

    textarea {
      max-block-size: max(2.75rem, 25dvh);
    }
  }
`;
