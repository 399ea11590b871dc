/*
 * Pages ask for themselves anew when the server says that something has changed. A hidden tab closes its stream: with
 * HTTP/1.1 a browser has six connections to a server, for all its tabs.
 */
const PAUSE = 3000;

/* What was said last is in view, unless somebody reads further up. */
function followConversation() {
  const said = document.getElementById("said");
  if (!said) return;
  let isAtEnd = true;
  const follow = () => {
    if (isAtEnd) said.scrollTop = said.scrollHeight;
  };
  said.addEventListener("scroll", () => {
    isAtEnd = said.scrollHeight - said.scrollTop - said.clientHeight < 40;
  });
  document.addEventListener("htmx:oobAfterSwap", follow);
  follow();
}

export function keepLive() {
  followConversation();
  const place = document.querySelector("[data-live]");
  if (!place) return;
  let stream = null;
  let waiting = null;

  const position = () => document.querySelector("[data-position]")?.dataset.position ?? "";
  const refresh = () => htmx.trigger(place, "live");

  function open() {
    clearTimeout(waiting);
    if (stream || document.hidden) return;
    stream = new EventSource(`${place.dataset.live}?after=${encodeURIComponent(position())}`);
    stream.addEventListener("changed", refresh);
    stream.addEventListener("ended", () => {
      close();
      refresh();
    });
    stream.addEventListener("error", () => {
      close();
      waiting = setTimeout(open, PAUSE);
    });
  }

  function close() {
    stream?.close();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else open();
  });
  window.addEventListener("pagehide", close);
  open();
}
