/** The language that the person chose here: it holds wherever the chat is opened next, whatever that page asks for. */

import { recall, remember } from "./storage.js";

/** Where this page is in another language; what else its address says, such as a colour, stays. */
export function addressIn(tag) {
  const query = new URLSearchParams(location.search);
  query.set("lang", tag);
  return `?${query}`;
}

/** Keeps a choice, and for the page in that language what was typed here and not sent. */
export function choose(tag, typed) {
  remember("language", tag);
  if (typed) remember("typed", typed);
}

/** What was typed before the language was changed, once. */
export function takeTyped() {
  const typed = recall("typed");
  if (typed !== null) remember("typed", null);
  return typeof typed === "string" ? typed : "";
}

const chosen = recall("language");
const given = [document.documentElement.lang, new URLSearchParams(location.search).get("lang")];
if (typeof chosen === "string" && !given.includes(chosen)) location.replace(addressIn(chosen));
