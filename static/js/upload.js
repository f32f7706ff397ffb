// data-upload: drop, paste and choose several times into one plain file input; the form posts that input as ever.
import { say, word } from "./words.js";

const megabytes = (bytes) => `${(bytes / 1048576).toFixed(1)} MB`;

function put(box, files) {
  const bag = new DataTransfer();
  for (const file of files) bag.items.add(file);
  box.querySelector("input[type=file]").files = bag.files;
  draw(box, files);
}

function add(box, files) {
  const most = Number(box.dataset.maxFiles);
  if (box.kept.length + files.length > most) say(word("many", { max: most, name: files.at(-1).name }), true);
  put(box, (box.kept = [...box.kept, ...files].slice(0, most)));
}

function draw(box, files) {
  const rows = files.map((file) => {
    const row = box.querySelector("template").content.cloneNode(true).firstElementChild;
    const large = file.size > Number(box.dataset.maxMb) * 1048576;
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-size]").textContent = large ? word("large", { max: box.dataset.maxMb }) : megabytes(file.size);
    row.classList.toggle("is-error", large);
    picture(row, file);
    const remove = row.querySelector("[data-remove]");
    remove.setAttribute("aria-label", word("remove", { name: file.name }));
    remove.addEventListener("click", () => put(box, (box.kept = box.kept.filter((each) => each !== file))));
    return row;
  });
  box.querySelector("[data-list]").replaceChildren(...rows);
}

function picture(row, file) {
  const img = row.querySelector("img");
  if (!file.type.startsWith("image/") || file.type === "image/heic") return;
  img.src = URL.createObjectURL(file);
  img.hidden = false;
  row.querySelector(".icon").remove();
  img.addEventListener("load", () => URL.revokeObjectURL(img.src), { once: true });
}

for (const box of document.querySelectorAll("[data-upload]")) {
  const input = box.querySelector("input[type=file]");
  box.kept = [];
  input.classList.add("is-covered");
  for (const each of box.querySelectorAll("[data-choose], [data-scripted]")) each.hidden = false;
  box.querySelector("[data-choose]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => add(box, [...input.files]));
  for (const [name, on] of [["dragover", true], ["dragleave", false], ["drop", false]])
    box.addEventListener(name, (event) => (event.preventDefault(), box.classList.toggle("is-over", on)));
  box.addEventListener("drop", (event) => add(box, [...event.dataTransfer.files]));
}

document.addEventListener("paste", (event) => {
  const box = event.target.closest?.("form")?.querySelector("[data-upload]") ?? document.querySelector("[data-upload]");
  if (box && event.clipboardData.files.length) event.preventDefault(), add(box, [...event.clipboardData.files]);
});
