// The rows of a tree of causes: level, number and text of each, and where a row with all below it ends.
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

export { end, levelOf, number, renumber, rowOf, text };
