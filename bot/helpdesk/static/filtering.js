/*
 * What the queue is filtered by stands in its address, and is known to the way back from a case: a reload, or a look at
 * a case, changes nothing of it.
 */
const KEPT = "cornavin-helpdesk queue";

export function keepFilters() {
  const form = document.querySelector("form[role=search]");
  const back = document.querySelector(".back a");
  if (back) back.search = sessionStorage.getItem(KEPT) ?? "";
  if (!form) return;
  sessionStorage.setItem(KEPT, location.search);
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.requestConfig.elt !== form) return;
    const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", `${location.pathname}${said.size ? `?${said}` : ""}`);
    sessionStorage.setItem(KEPT, location.search);
  });
}
