// What somebody typed and the centre has not stored stays in this tab: a session that ended, a cut line or a telephone
// that closed the page behind another one costs no word. Logging out forgets it.
"use strict";

(() => {
  const PREFIX = "bangtin:typed:";
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "action"]);
  const NOT_TYPED = new Set(["submit", "button", "file"]);
  const READING = ["spoken", "spoken_of"]; // drawn beside the form only once its text is known
  const FILES = "[data-chosen]"; // fields of files are drawn by the centre, which knows their names
  const LASTS_MS = 12 * 3600 * 1000;
  const here = PREFIX + location.pathname + location.search;
  const person = document.body.dataset.person || "";
  const form = document.querySelector("form[data-guard]");
  let timer = 0;

  function kept(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function keep(sent) {
    clearTimeout(timer);
    const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));
    try {
      sessionStorage.setItem(here, JSON.stringify({ person, sent, values, at: Date.now() }));
    } catch {
      // a full store: the page works as one without it
    }
  }

  // Sent, and this person stands on another page now or reads that it was stored: the centre has it.
  function forgetStored() {
    const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
    const loggedOut = !person && !new URLSearchParams(location.search).has("next");
    const stored = document.querySelector("main > .note.success");
    for (const key of keys) {
      const sent = person && kept(key)?.sent && (key !== here || stored);
      if (loggedOut || sent) sessionStorage.removeItem(key);
    }
  }

  function fill(values) {
    const given = new Map();
    for (const [name, value] of values) given.set(name, [...(given.get(name) || []), value]);
    const read = given.get("spoken_edited")?.[0] ? READING.filter((name) => given.has(name)) : [];
    let changed = false;
    for (const field of [...form.elements]) {
      if (!field.name || LEFT_OUT.has(field.name) || NOT_TYPED.has(field.type)) continue;
      const put = field.type === "hidden" && field.closest(FILES) ? putFile : putWords;
      changed = put(field, given.get(field.name) || []) || changed;
    }
    read.forEach((name) => addReading(name, given.get(name)[0]));
    return changed;
  }

  function putFile(field, [sha256]) {
    if (!sha256 || sha256 === field.value) return false;
    const place = field.closest(FILES);
    htmx.ajax("GET", `${place.dataset.chosen}?sha256=${encodeURIComponent(sha256)}`, { source: place, target: place, swap: "outerHTML" });
    return true;
  }

  function putWords(field, values) {
    const ticked = field.type === "checkbox" || field.type === "radio";
    const before = ticked ? field.checked : field.value;
    if (ticked) field.checked = values.includes(field.value);
    else if (values.length) field.value = values.shift();
    const changed = before !== (ticked ? field.checked : field.value);
    if (changed && field.type !== "hidden") field.closest("details")?.setAttribute("open", "");
    return changed;
  }

  function addReading(name, value) {
    if (form.elements[name]) return;
    const field = document.createElement("textarea");
    Object.assign(field, { name, value, hidden: true });
    field.setAttribute("form", form.id);
    (document.getElementById("live") || form).append(field);
  }

  function restore() {
    const entry = kept(here);
    if (!entry || Date.now() - entry.at > LASTS_MS || entry.person !== person || form.hasAttribute("data-sent-back") || !fill(entry.values)) return;
    form.dataset.dirty = "yes";
    document.getElementById("restored").hidden = false;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  forgetStored();
  if (!form) return;
  restore();
  const later = (event) => {
    if (event.target.form !== form && event.target !== form) return;
    clearTimeout(timer);
    timer = setTimeout(keep, 300, false);
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  form.addEventListener("submit", () => keep(true));
  document.getElementById("over").addEventListener("click", () => {
    keep(false);
    delete form.dataset.dirty; // it is kept: nobody has to be asked whether to leave it
  });
  window.addEventListener("pagehide", () => form.dataset.dirty && keep(false));
  document.querySelector("[data-forget]").addEventListener("click", () => {
    clearTimeout(timer);
    delete form.dataset.dirty;
    sessionStorage.removeItem(here);
    location.reload();
  });
})();
