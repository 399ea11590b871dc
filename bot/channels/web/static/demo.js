/** On the page of demonstration, a question opens the widget and asks; before the widget is there, the link does. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-ask]");
  if (!link || !window.Cornavin || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  window.Cornavin.ask(link.dataset.ask);
});
