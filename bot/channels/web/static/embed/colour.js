/** The colour of the page around the frame, which `widget.js` found dark enough to write on in white. */

const SIX_DIGITS = /^[\da-f]{6}$/;

/** How far a colour is mixed with white to write on the dark surfaces: black, which is the worst, has 4.5:1 then. */
const TO_WHITE = 0.6;

/** How far it is mixed with black to write on the light surfaces, which are a little darker than white. */
const TO_BLACK = 0.1;

/**
 * @param {HTMLElement} chat whose colours change
 * @param {string | null} digits six hexadecimal digits; anything else changes nothing
 */
export function tint(chat, digits) {
  if (!SIX_DIGITS.test(digits ?? "")) return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    chat.style.setProperty("--strong", `#${digits}`);
    chat.style.setProperty("--accent", dark.matches ? mixed(digits, 255, TO_WHITE) : mixed(digits, 0, TO_BLACK));
  };
  dark.addEventListener("change", apply);
  apply();
}

function mixed(digits, grey, share) {
  const parts = digits.match(/../g).map((part) => parseInt(part, 16));
  return `rgb(${parts.map((part) => Math.round(part + (grey - part) * share)).join(" ")})`;
}
