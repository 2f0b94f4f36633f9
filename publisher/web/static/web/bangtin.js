// Progress of uploads, and a warning before typed text is lost. Everything else is htmx attributes in the pages.
"use strict";

document.addEventListener("htmx:xhr:progress", (event) => {
  if (event.target.type !== "file" || !event.detail.lengthComputable) return;
  const bar = event.target.parentElement.querySelector("progress");
  if (!bar) return;
  bar.hidden = false;
  bar.max = event.detail.total;
  bar.value = event.detail.loaded;
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) form.dataset.dirty = "yes";
  if (event.target.matches("[data-spoken]")) event.target.form.elements[event.target.dataset.spoken].value = "on";
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-clear]");
  if (!button) return;
  document.querySelector(`[name="${button.dataset.clear}"]`).value = "";
  button.dispatchEvent(new Event("bangtin:changed", { bubbles: true }));
});

document.addEventListener("submit", (event) => {
  delete event.target.dataset.dirty;
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
