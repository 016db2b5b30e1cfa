// What the desk's pages do by themselves: Ctrl+Enter sends the form, a button prints. Without it the keys of the browser do.
"use strict";

(() => {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = document.querySelector("form[data-intake]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
