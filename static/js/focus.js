// Where the keyboard stands after an answer: on what needs mending; else where it was (htmx keeps the same id);
// else on the heading of the region that came. Loaded pages with errors start at the summary as well.
const MENDS = "[data-focus]";

function settle(region) {
  const mend = region.querySelector(MENDS);
  if (mend) return mend.focus();
  if (document.activeElement !== document.body) return undefined;
  const heading = region.querySelector("[tabindex='-1'], h1, h2, h3") ?? region;
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
  return heading.focus({ preventScroll: true });
}

document.querySelector(MENDS)?.focus();
document.addEventListener("htmx:beforeRequest", ({ detail }) => detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.target?.removeAttribute("aria-busy"));
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!detail.elt.closest("[data-live]")) settle(detail.elt);
});
