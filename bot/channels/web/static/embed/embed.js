/**
 * Between the chat in a frame and the page around it. That page may open, close and ask, if its origin is allowed; it is
 * told of a close and of the number of unread answers, and of nothing that was said.
 */

import { tint } from "./colour.js";

const chat = document.querySelector("cornavin-chat");
const hosts = new Set([location.origin, ...document.documentElement.dataset.hosts.split(" ")]);

let host = null;
let isOpen = true;
let seen = 0;
let told = 0;

const ready = customElements.whenDefined("cornavin-chat").then(() => chat.updateComplete);

/** What the page around the frame may do, and nothing else. */
const can = new Map([
  [
    "open",
    ({ focus }) => {
      isOpen = true;
      told = 0;
      if (focus === true && matchMedia("(hover: hover)").matches) chat.focusField(); // a phone's keyboard would cover the welcome
    },
  ],
  [
    "close",
    () => {
      isOpen = false;
      seen = answers();
    },
  ],
  [
    "ask",
    ({ text }) => {
      if (typeof text === "string" && text.trim()) chat.ask(text);
    },
  ],
]);

function tell(message) {
  if (host) parent.postMessage(message, host);
}

function answers() {
  return chat.shadowRoot.querySelectorAll(".messages > li:not(.user)").length;
}

addEventListener("message", async ({ source, origin, data }) => {
  if (parent === window || source !== parent || !hosts.has(origin)) return;
  const act = can.get(data?.cornavin);
  if (!act) return;
  const isFirst = host !== origin;
  host = origin;
  await ready;
  if (isFirst) tell({ cornavin: "ready" });
  act(data);
});

addEventListener("keydown", (event) => {
  const asks = chat.shadowRoot.querySelector("dialog[open]"); // Escape answers its question, and no more
  if (event.key === "Escape" && !event.defaultPrevented && !asks) tell({ cornavin: "close" });
});

ready.then(() => {
  tint(chat, new URLSearchParams(location.search).get("colour"));
  new MutationObserver(() => {
    const unread = isOpen ? 0 : Math.max(0, answers() - seen);
    if (unread !== told) tell({ cornavin: "unread", count: (told = unread) });
  }).observe(chat.shadowRoot, { childList: true, subtree: true });
});
