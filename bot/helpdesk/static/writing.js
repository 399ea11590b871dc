/* Texts that are put into the field of the reply: canned answers, and what the assistant would say. */
export function helpWriting() {
  function insert(field, text) {
    const before = field.value.slice(0, field.selectionStart);
    const after = field.value.slice(field.selectionEnd);
    const gap = before && !before.endsWith("\n") ? "\n\n" : "";
    field.value = before + gap + text + after;
    field.focus();
    const end = (before + gap + text).length;
    field.setSelectionRange(end, end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("change", async ({ target }) => {
    if (!target.matches?.("select[data-fills]") || !target.value) return;
    const field = document.querySelector(target.dataset.fills);
    const response = await fetch(`${target.dataset.from}?answer=${target.value}`).catch(() => null);
    target.value = "";
    if (response?.ok) insert(field, (await response.json()).text);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("button[data-inserts]");
    if (button) insert(document.querySelector(button.dataset.inserts), button.dataset.text);
  });
}
