/** The colour of the page around the frame, which `widget.js` found dark enough to write on in white. */

const SIX_DIGITS = /^[\da-f]{6}$/;
const TO_WHITE = 0.6;
/** How far a colour is mixed with white to be legible on the dark background: 4.5:1 for black, which is the worst. */

/**
 * @param {HTMLElement} chat whose colours change
 * @param {string | null} digits six hexadecimal digits; anything else changes nothing
 */
export function tint(chat, digits) {
  if (!SIX_DIGITS.test(digits ?? "")) return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    chat.style.setProperty("--strong", `#${digits}`);
    chat.style.setProperty("--accent", dark.matches ? lighter(digits) : `#${digits}`);
  };
  dark.addEventListener("change", apply);
  apply();
}

function lighter(digits) {
  const parts = digits.match(/../g).map((part) => parseInt(part, 16));
  return `rgb(${parts.map((part) => Math.round(part + (255 - part) * TO_WHITE)).join(" ")})`;
}
