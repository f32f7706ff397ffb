// Nobody loses typed text: an answer never replaces a form that holds unsent input, unless that form itself was sent;
// leaving the page asks only if the last draft could not be kept (draft.js marks the form data-unsaved).
import { say, word } from "./words.js";

const dirty = new WeakSet();

document.addEventListener("input", ({ target }) => target.form && target.form.method === "post" && dirty.add(target.form));
document.addEventListener("reset", ({ target }) => dirty.delete(target));

document.addEventListener("htmx:beforeSwap", (event) => {
  const sent = event.detail.requestConfig?.elt?.closest("form");
  const inside = [...event.detail.target.querySelectorAll("form"), event.detail.target.closest("form")];
  const held = inside.filter((form) => form && form !== sent && dirty.has(form));
  if (held.length && event.detail.shouldSwap && !event.detail.target.closest("[data-live]")) {
    event.detail.shouldSwap = false;
    say(word("newer"), true);
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const sent = event.detail.requestConfig?.elt?.closest("form");
  if (sent && event.detail.successful) dirty.delete(sent);
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"])
  document.addEventListener(name, () => say(word("failed"), true));

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved]")) event.preventDefault();
});
document.addEventListener("submit", ({ target }) => delete target.dataset.unsaved);
