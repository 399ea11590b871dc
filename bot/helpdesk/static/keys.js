/*
 * Shortcuts of one letter, which can be turned off (WCAG 2.1.4). In the queue, j and k go from case to case; elsewhere a
 * letter goes to what names it in `data-key`: fields get the focus, the rest is pressed.
 */
const OFF = "cornavin-helpdesk shortcuts off";

export function takeKeys() {
  const help = document.getElementById("shortcuts");
  const box = help.querySelector("[data-shortcuts]");
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  document.querySelector("[data-opens=shortcuts]").addEventListener("click", () => help.showModal());

  function step(by) {
    const rows = [...document.querySelectorAll("[data-keys=rows] a.row")];
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
  }

  const actions = {
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    "/": () => document.getElementById("q")?.focus(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches?.("textarea")) {
      event.preventDefault();
      target.form.requestSubmit();
      return;
    }
    const writes = target.closest?.("input, textarea, select, dialog, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || writes) return;
    if (!box.checked && key.length === 1) return;
    if (key.startsWith("Arrow") && !document.querySelector("[data-keys=rows]")) return;
    const named = /^[a-z]$/.test(key) && document.querySelector(`[data-key=${key}]`);
    if (!actions[key] && !named) return;
    event.preventDefault();
    if (actions[key]) actions[key]();
    else if (named.matches("textarea")) named.focus();
    else named.click();
  });
}
