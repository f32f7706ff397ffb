// What the keys of a tree of causes do to its rows: a new one, one moved among its siblings, the next on a card.
import { end, levelOf, number, renumber, rowOf, text } from "./outlinerows.js";

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

export { add, nextOnCard, shift };
