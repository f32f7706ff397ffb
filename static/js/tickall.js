// data-tick-all: one box in the head of a table that ticks every row of the page, or none.
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = () => [...all.closest("table").querySelectorAll("tbody input[type=checkbox]")];
  all.hidden = false;
  all.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  all.form?.addEventListener("change", () => { all.checked = boxes().every((box) => box.checked); });
}
