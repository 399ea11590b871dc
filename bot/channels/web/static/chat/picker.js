/** A day or a month to pick where one is asked for. What is picked is said like any text; typing it works as well. */

import { html } from "../vendor/lit.js";
import { months, today, typed } from "./dates.js";
import { strings } from "./strings.js";

/** Questions for a day that has been. */
const PAST = /notif|attempt|recei|deliver|decision|effort/;
const MONTHS_BEFORE = 12;
const MONTHS_AFTER = 1;

/**
 * @param {{expects: string, slot: string}} state
 * @param {string} locale
 * @param {(text: string) => void} say
 */
export function picker({ expects, slot }, locale, say) {
  const submit = (event) => {
    event.preventDefault();
    const { value } = event.target.elements.picked;
    if (value) say(expects === "date" ? typed(value) : value);
  };
  return html`
    <form class="picker" @submit=${submit}>
      <label for="picked">${expects === "date" ? strings.pick_date : strings.pick_month}</label>
      ${expects === "date" ? dayField(slot) : monthField(locale)}
      <button type="submit">${strings.confirm}</button>
    </form>
  `;
}

function dayField(slot) {
  const latest = PAST.test(slot ?? "") ? today() : "2100-12-31";
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
