// data-sum: while shares are typed into [data-share] fields of the form, says what they add up to and what is left.
// Without it the server says the same above the form after each answer.
for (const said of document.querySelectorAll("[data-sum]")) {
  const form = said.closest("form");
  const fields = [...form.querySelectorAll("[data-share]")];
  const plain = (number) => String(Math.round(number * 100) / 100);
  const show = () => {
    const sum = fields.reduce((total, field) => total + (Number(field.value.replace(",", ".").replace("%", "")) || 0), 0);
    const left = Math.round((100 - sum) * 100) / 100;
    const words = left === 0 ? said.dataset.whole : left > 0 ? said.dataset.left : said.dataset.over;
    said.textContent = words.replace("{sum}", plain(sum)).replace("{left}", plain(Math.abs(left)));
    said.classList.toggle("is-whole", left === 0);
  };
  for (const field of fields) field.addEventListener("input", show);
  show();
}
