// Ctrl K (Cmd K) opens [data-palette]: every place and act that this page links to, narrowed by typing.
// The arrows choose, Enter goes there; with nothing chosen the words are searched for among the cases.
const dialog = document.querySelector("[data-palette]");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const SOURCES = ".rail a[href], .top a[href], main a.btn[href], main .menu__item[href], main .tabs a[href], .bottombar a[href]";

function entries() {
  const found = new Map();
  for (const link of document.querySelectorAll(SOURCES)) {
    const key = link.querySelector("kbd")?.textContent ?? link.dataset.key?.toUpperCase() ?? "";
    const copy = link.cloneNode(true);
    copy.querySelectorAll("kbd, .count, .rail__count, svg").forEach((part) => part.remove());
    const words = copy.textContent.trim().replace(/\s+/g, " ");
    if (words && !found.has(link.href)) found.set(link.href, { words, key });
  }
  return [...found];
}

function show() {
  const wanted = field.value.trim().toLowerCase();
  const fits = entries().filter(([, { words }]) => words.toLowerCase().includes(wanted)).slice(0, 12);
  list.replaceChildren(...fits.map(([href, { words, key }], at) => {
    const row = document.createElement("a");
    Object.assign(row, { href, id: `palette-${at}`, className: "menu__item", textContent: words, tabIndex: -1 });
    row.setAttribute("role", "option");
    if (key) row.append(Object.assign(document.createElement("kbd"), { className: "kbd u-end", textContent: key }));
    return row;
  }));
  choose(wanted ? 0 : -1);
}

function choose(at) {
  [...list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === at)));
  if (list.children[at]) field.setAttribute("aria-activedescendant", `palette-${at}`);
  else field.removeAttribute("aria-activedescendant");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (!dialog || event.isComposing || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  field.value = "";
  show();
  dialog.showModal();
});

field?.addEventListener("input", (event) => event.isComposing || show());
field?.addEventListener("compositionend", show);
field?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const rows = [...list.children], at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(Math.min(at + 1, rows.length - 1)), event.preventDefault();
  if (event.key === "ArrowUp") choose(Math.max(at - 1, -1)), event.preventDefault();
  if (event.key === "Enter" && rows[at]) rows[at].click(), event.preventDefault();
});
