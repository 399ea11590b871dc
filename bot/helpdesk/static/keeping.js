/*
 * What is typed into a form with `data-keep` is kept in this tab until the server has it: a lost connection, an expired
 * session or a colleague who was quicker takes nothing away. With it is kept what names the text, so that the server
 * takes it once however often it is sent.
 */
const FIELDS = "textarea, select, input:not([type=hidden])";

export function keepTyping(agent) {
  const caseNumber = document.querySelector("[data-case]")?.dataset.case;
  const keyOf = (form) => `cornavin-helpdesk ${agent} ${caseNumber} ${form.dataset.keep}`;
  const named = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name);
  let opened = [];

  function keep(form) {
    const values = Object.fromEntries(named(form).map((field) => [field.name, field.value]));
    if (Object.values(values).every((value) => value === "")) sessionStorage.removeItem(keyOf(form));
    else sessionStorage.setItem(keyOf(form), JSON.stringify({ values, id: form.elements.client_id?.value }));
  }

  function restore(form) {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
    if (!kept) return;
    for (const field of named(form)) {
      if (field.value === "" && kept.values[field.name]) field.value = kept.values[field.name];
    }
    if (kept.id && form.elements.client_id) form.elements.client_id.value = kept.id;
    form.closest("details")?.setAttribute("open", "");
  }

  /* Who has transferred a case, or has it now, leaves others no form to transfer it: what stood there becomes a note. */
  function rescue() {
    const note = document.querySelector("form[data-keep=note]");
    const key = note && keyOf({ dataset: { keep: "transfer" } });
    if (!note || document.querySelector("form[data-keep=transfer]") || !sessionStorage.getItem(key)) return;
    const { text } = JSON.parse(sessionStorage.getItem(key)).values;
    sessionStorage.removeItem(key);
    if (!text) return;
    const field = note.elements.text;
    field.value = [field.value, text].filter(Boolean).join("\n\n");
    keep(note);
  }

  function restoreAll() {
    for (const form of document.querySelectorAll("form[data-keep]")) restore(form);
    rescue();
    for (const id of opened.splice(0)) document.getElementById(id)?.setAttribute("open", "");
    const version = document.querySelector("[data-position][data-version]")?.dataset.version;
    if (version) for (const field of document.querySelectorAll("input[data-version]")) field.value = version;
  }

  function forget(form) {
    sessionStorage.removeItem(keyOf(form));
    for (const field of named(form)) field.value = "";
    if (form.elements.client_id) form.elements.client_id.value = crypto.randomUUID();
  }

  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form[data-keep]");
    if (form) keep(form);
  });
  /* Before the answer is shown: the fields of what was done are empty then, and what they stood in is folded. */
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = detail.requestConfig?.elt;
    if (!form?.matches?.("form") || detail.xhr.status >= 300) return;
    if (form.matches("[data-keep]")) forget(form);
    form.closest("details")?.removeAttribute("open");
  });
  document.addEventListener("htmx:oobBeforeSwap", () => {
    opened = [...document.querySelectorAll("details[open][id]")].map((details) => details.id);
  });
  document.addEventListener("htmx:afterSettle", restoreAll);
  document.addEventListener("htmx:oobAfterSwap", restoreAll);
  document.querySelector("form[data-forgets]")?.addEventListener("submit", () => sessionStorage.clear());
  restoreAll();
}
