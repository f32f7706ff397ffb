// data-toast: good news goes away by itself after a while, unless somebody is reading it or points at it.
import { word } from "./words.js";

const STAY = 8000;

function attach(toast) {
  toast.dataset.attached = "1";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn--sm btn--quiet";
  close.textContent = word("close");
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  let timer = setTimeout(() => toast.remove(), STAY);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"])
    toast.addEventListener(name, () => { timer = setTimeout(() => toast.remove(), STAY); });
}

function find() {
  document.querySelectorAll("[data-toast]:not([data-attached])").forEach(attach);
}

find();
document.addEventListener("htmx:afterSettle", find);
