/** What the page says, in its language. */

export const strings = JSON.parse(document.getElementById("strings").textContent);

/** Fills `{name}` into a text. */
export function format(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
