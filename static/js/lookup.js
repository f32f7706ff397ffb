// data-lookup on a field: fires `typed` once the typing rests (data-lookup milliseconds, 400 without) or an input method
// has finished a word; htmx listens with hx-trigger="typed". Enough to ask: 2 Latin letters or 1 Chinese character.
const waiting = new WeakMap();
const enough = (text) => text.length === 0 || text.length > 1 || /\p{Script=Han}/u.test(text);

function rest(field) {
  clearTimeout(waiting.get(field));
  if (enough(field.value.trim())) field.dispatchEvent(new CustomEvent("typed", { bubbles: true }));
}

// [data-clip-of=id]: a hidden field that follows the first letters of another, too long for an address
function clip(hidden) {
  hidden.value = [...document.getElementById(hidden.dataset.clipOf).value].slice(0, 250).join("");
}

document.querySelectorAll("[data-clip-of]").forEach(clip);
document.addEventListener("input", (event) => {
  const field = event.target;
  document.querySelectorAll(`[data-clip-of="${field.id}"]`).forEach(clip);
  if (!field.matches?.("[data-lookup]") || event.isComposing) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(rest, Number(field.dataset.lookup || 400), field));
});
document.addEventListener("compositionend", ({ target }) => target.matches?.("[data-lookup]") && rest(target));
