// data-outline: a tree as rows. Enter in an answer asks the next why below it, Shift+Enter names another cause beside it,
// Alt+↑/↓ moves it with all below, Backspace in an empty new row takes it away. The buttons of a row do the same on the
// server; keys that belong to the text (Ctrl+Backspace, Ctrl+arrows) are never taken.
import { add, nextOnCard, shift } from "./outlinemoves.js";
import { end, levelOf, renumber, text } from "./outlinerows.js";

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
