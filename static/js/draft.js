// <form data-draft="key">: keeps what is typed on the server while it is typed, and says so in [data-draft-note].
// POST /x/draft/ with `key` and `body` (the form, urlencoded, without files); the button alone changes the case.
import { say, word } from "./words.js";

const PAUSE = 1500;
const waiting = new WeakMap();
const unsent = new Set();

function bodyOf(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  return new URLSearchParams(fields).toString();
}

async function keep(form) {
  clearTimeout(waiting.get(form));
  if (!unsent.delete(form)) return;
  const token = form.elements.csrfmiddlewaretoken?.value ?? "";
  const body = new URLSearchParams({ key: form.dataset.draft, body: bodyOf(form) });
  try {
    const answer = await fetch("/x/draft/", { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": token } });
    if (!answer.ok) throw new Error(answer.status);
    tell(form, answer.headers.get("Date"));
  } catch {
    if (!form.dataset.unsaved) say(word("unsaved"), true);
    form.dataset.unsaved = "1";
    unsent.add(form);
  }
}

function tell(form, date) {
  delete form.dataset.unsaved;
  const time = new Date(date ?? Date.now()).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  const note = form.querySelector("[data-draft-note]");
  if (note) note.textContent = word("saved", { time });
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-draft]");
  if (!form || target.type === "file") return;
  unsent.add(form);
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(keep, PAUSE, form));
});
document.addEventListener("focusout", ({ target }) => {
  const form = target.closest?.("form[data-draft]");
  if (form) keep(form);
});
document.addEventListener("visibilitychange", () => document.hidden && [...unsent].forEach(keep));
document.addEventListener("submit", ({ target }) => {
  clearTimeout(waiting.get(target));
  unsent.delete(target);
});
