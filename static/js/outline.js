// data-outline: a tree as rows. Enter in an answer asks the next why below it, Shift+Enter names another cause beside it,
// Alt+↑/↓ moves it with all below, Backspace in an empty new row takes it away. The buttons of a row do the same on the
// server; keys that belong to the text (Ctrl+Backspace, Ctrl+arrows) are never taken.
const rowOf = (item) => item?.querySelector(".causerow");
const levelOf = (item) => Number(rowOf(item).dataset.level);
const text = (item) => item.querySelector("input[name=text]:not([type=hidden])");

function end(item) {
  let last = item;
  while (last.nextElementSibling && levelOf(last.nextElementSibling) > levelOf(item)) last = last.nextElementSibling;
  return last;
}

function renumber(list) {
  const counts = [];
  [...list.children].forEach((item, n) => {
    for (const button of item.querySelectorAll("[name=op]")) button.value = button.value.replace(/:.*$/, `:${n}`);
    const level = levelOf(item), no = item.querySelector("[data-no]");
    if (!no) return;
    counts.length = level;
    counts[level - 1] = (counts[level - 1] ?? -1) + 1;
    no.textContent = level + (counts[level - 1] ? String.fromCharCode(97 + Math.min(counts[level - 1], 25)) : "");
  });
}

function add(list, item, level) {
  const made = document.getElementById("outline-row").content.firstElementChild.cloneNode(true);
  rowOf(made).dataset.level = level;
  rowOf(made).querySelector("[name=row]").value = `:${level}:0::`;
  text(made).setAttribute("aria-label", text(made).getAttribute("aria-label").replace(/\d+/, level));
  end(item).after(made);
  renumber(list);
  text(made).focus();
}

function shift(list, item, up) {
  const beside = [...list.children].filter((each) => levelOf(each) <= levelOf(item));
  const other = beside[beside.indexOf(item) + (up ? -1 : 1)];
  if (!other || levelOf(other) !== levelOf(item)) return;
  const move = (what, after) => { let row = what; const last = end(what); for (let next; ; row = next) { next = row.nextElementSibling; after.after(row); after = row; if (row === last) return; } };
  if (up) move(other, end(item)); else move(item, end(other));
  renumber(list);
  text(item).focus();
}

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-outline]");
  if (!list || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.target.name !== "text") return;
  const item = event.target.closest("li"), card = event.target.closest(".bonecard");
  const arrow = { ArrowUp: true, ArrowDown: false }[event.key];
  if (event.key === "Enter" && card) card.querySelector("[name=op][value^=add]").click();
  else if (event.key === "Enter" && item) add(list, item, levelOf(item) + (event.shiftKey ? 0 : 1));
  else if (item && event.altKey && arrow !== undefined) shift(list, item, arrow);
  else if (item && event.key === "Backspace" && !event.target.value && list.children.length > 1 && end(item) === item) {
    if (/^\d/.test(item.querySelector("[name=row]").value)) return void item.querySelector("[value^=remove]").click();
    const next = item.previousElementSibling ?? item.nextElementSibling;
    item.remove();
    renumber(list);
    text(next)?.focus();
  } else return;
  event.preventDefault();
});
