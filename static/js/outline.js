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

function number(row, n) {
  for (const button of row.querySelectorAll("[name=op]")) button.value = button.value.replace(/:.*$/, `:${n}`);
}

function renumber(list) {
  const counts = [];
  [...list.children].forEach((item, n) => {
    number(item, n);
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
  const [what, after] = up ? [other, end(item)] : [item, end(other)];
  const all = [...list.children];
  after.after(...all.slice(all.indexOf(what), all.indexOf(end(what)) + 1));
  renumber(list);
  text(item).focus();
}

function nextOnCard(row) {
  if (!row.nextElementSibling.matches(".causerow")) {
    const made = row.cloneNode(true);
    made.querySelector("[name=row]").value = `:1:0::${made.querySelector("[name=row]").value.split(":").pop()}`;
    for (const field of made.querySelectorAll("input:not([type=hidden])")) field.value = "";
    made.querySelector("select").selectedIndex = 0;
    made.querySelector("[value^=remove]")?.remove();
    row.after(made);
    for (const [n, each] of [...row.closest("[data-outline]").querySelectorAll(".causerow")].entries()) number(each, n);
  }
  row.nextElementSibling.querySelector("[name=text]").focus();
}

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-outline]");
  if (!list || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.target.name !== "text") return;
  const item = event.target.closest("li"), card = event.target.closest(".bonecard");
  const arrow = { ArrowUp: true, ArrowDown: false }[event.key];
  if (event.key === "Enter" && card) nextOnCard(event.target.closest(".causerow"));
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
