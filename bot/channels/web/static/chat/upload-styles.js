/** The looks of files on their way, and of what brings them. */

import { css } from "../vendor/lit.js";

export const uploadStyles = css`
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
    list-style: none;
    margin: 0;
    max-block-size: 40vh;
    overflow-y: auto;
    padding: 0;
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
`;
