// Progress of uploads, a warning before typed text is lost, a question before what is hard to undo, one sending for two taps, and a word when the line is cut.
// Everything else is htmx attributes in the pages; what was typed is kept by typed.js.
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
  fresh = new WeakSet();
});

// A preview that was asked for before the last change would put back what has been written since, on a slow line seconds
// later: it is passed over and asked for anew.
let fresh = new WeakSet(); // the requests since which nobody has written anything

document.addEventListener("htmx:beforeSend", (event) => fresh.add(event.detail.xhr));

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "live" || fresh.has(event.detail.xhr)) return;
  event.preventDefault();
  setTimeout(() => document.body.dispatchEvent(new Event("bangtin:changed")));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-clear]");
  if (!button) return;
  document.querySelector(`[name="${button.dataset.clear}"]`).value = "";
  button.dispatchEvent(new Event("bangtin:changed", { bubbles: true }));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const asked = !form.dataset.sent && (!form.dataset.confirm || confirm(form.dataset.confirm));
  if (!asked) return event.preventDefault();
  delete form.dataset.dirty;
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 15_000); // the line may have been cut: let it be tried again
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("htmx:sendError", () => {
  document.getElementById("cut").hidden = false;
});

document.addEventListener("htmx:afterOnLoad", () => {
  document.getElementById("cut").hidden = true;
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-dirty]")) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
