/** Files on their way to the server. */

import { css } from "../../vendor/lit.js";

export const uploads = css`
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
    flex: 1 1 100%;
    list-style: none;
    margin: 0.4rem 0 0;
    padding: 0;
  }

  .uploads li {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.6rem;
  }

  .uploads bdi {
    flex: 1;
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
