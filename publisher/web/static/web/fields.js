// What a browser's own fields do not say by themselves: a chosen day in the order of this house whatever the browser's
// language is (12/05 is not the fifth of December), and where the page was not taken.
"use strict";

(() => {
  const KINDS = "form[method=post] input:is([type=date], [type=datetime-local], [type=time])";
  const weekday = new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", timeZone: "UTC" });

  function told(value) {
    const [, day, clock] = /^(\d{4}-\d\d-\d\d)?T?(\d\d:\d\d)?/.exec(value);
    const date = day && `${weekday.format(new Date(`${day}T00:00Z`))} ${day.split("-").reverse().join("/")}`;
    return [clock, date].filter(Boolean).join(" ");
  }

  function tell(field) {
    let line = field.nextElementSibling;
    if (!line?.matches(".told")) {
      line = document.createElement("p");
      line.className = "help told";
      field.after(line);
    }
    line.textContent = told(field.value);
  }

  document.querySelectorAll(KINDS).forEach(tell);
  ["input", "change"].forEach((kind) => {
    document.addEventListener(kind, (event) => event.target.matches?.(KINDS) && tell(event.target));
  });

  document.querySelectorAll("details:has(.error)").forEach((part) => (part.open = true));
  document.querySelector("main [aria-invalid=true]")?.focus();
})();
