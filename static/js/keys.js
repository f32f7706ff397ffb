// data-key on a link, button or field: the key that presses it ("c", "/", "?", or two after each other: "g q").
// [data-rows]: J and K walk its row links, X ticks the row, Enter is the link's own. Off by <body data-keys="off">.
// Never in a field, with a modifier, or while an input method composes.
const FIELD = "input, textarea, select, [contenteditable=''], [contenteditable=true], dialog";
let before = "";

function letter(event) {
  if (event.key === "Process") return event.code.replace("Key", "").toLowerCase(); // an input method outside a field
  return event.key.length === 1 ? event.key.toLowerCase() : "";
}

function press(key) {
  const pair = `${before} ${key}`;
  const target = [...document.querySelectorAll("[data-key]")].find(
    (each) => (each.dataset.key === key && before !== "g") || each.dataset.key === pair);
  before = key === "g" && before !== "g" ? "g" : "";
  if (before) setTimeout(() => { before = ""; }, 1500);
  if (!target) return false;
  const opened = document.getElementById(target.dataset.opens)?.querySelector("textarea"); // the field that a choice shows
  if (opened) target.click(), opened.focus();
  else if (target.matches(FIELD)) target.focus();
  else target.click();
  return true;
}

function walk(key) {
  const rows = [...document.querySelectorAll("[data-rows] tr:has(.table__link)")];
  const at = rows.findIndex((row) => row.contains(document.activeElement) || row.matches(".is-cursor"));
  if (key === "x") return tick(rows[at]);
  const row = rows[Math.max(0, Math.min(rows.length - 1, at + (key === "j" ? 1 : -1)))];
  if (!row) return false;
  rows.forEach((each) => each.classList.toggle("is-cursor", each === row));
  row.querySelector(".table__link").focus();
  return true;
}

function tick(row) {
  row?.querySelector("input[type=checkbox]")?.click();
  return Boolean(row);
}

document.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !composing) {
    const form = event.target.closest?.("form[method=post]");
    if (form) event.preventDefault(), form.requestSubmit(form.querySelector("[data-submit]"));
    return;
  }
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.isComposing || event.target.closest?.(FIELD)) return;
  const key = letter(event);
  if (key && (press(key) || ("jkx".includes(key) && walk(key)))) event.preventDefault();
});
