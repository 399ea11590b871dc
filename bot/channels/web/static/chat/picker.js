/** A day or a month to pick where one is asked for. What is picked is said like any text; typing it works as well. */

import { html } from "../vendor/lit.js";
import { months, today, typed } from "./dates.js";
import { strings } from "./strings.js";

const MONTHS_BEFORE = 12;
const MONTHS_AFTER = 1;
const LATEST = "2100-12-31";

/**
 * @param {{expects: string}} state a past date is today at the latest
 * @param {string} locale
 * @param {(text: string) => void} say
 */
export function picker({ expects }, locale, say) {
  const submit = (event) => {
    event.preventDefault();
    const { value } = event.target.elements.picked;
    if (value) say(expects === "month" ? value : typed(value));
  };
  return html`
    <form class="picker" @submit=${submit}>
      <label for="picked">${expects === "month" ? strings.pick_month : strings.pick_date}</label>
      ${expects === "month" ? monthField(locale) : dayField(expects === "past_date" ? today() : LATEST)}
      <button type="submit">${strings.confirm}</button>
    </form>
  `;
}

function dayField(latest) {
  return html`<input id="picked" name="picked" type="date" required min="1990-01-01" max=${latest} />`;
}

/** A list, because few browsers have a field for months. */
function monthField(locale) {
  return html`<select id="picked" name="picked">
    ${months(locale, MONTHS_BEFORE, MONTHS_AFTER).map(
      (name, index) => html`<option ?selected=${index === MONTHS_AFTER}>${name}</option>`,
    )}
  </select>`;
}
