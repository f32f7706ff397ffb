// A form that is on its way is not sent twice; after a second its button says so (data-busy) and keeps its width.
const stop = new WeakMap();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (stop.has(form)) return event.preventDefault();
  const button = event.submitter;
  const words = button?.textContent;
  const timer = setTimeout(() => {
    button?.setAttribute("aria-busy", "true");
    if (!button?.dataset.busy) return;
    button.style.minInlineSize = `${button.offsetWidth}px`;
    button.textContent = button.dataset.busy;
  }, 1000);
  stop.set(form, () => {
    clearTimeout(timer);
    button?.removeAttribute("aria-busy");
    if (button?.dataset.busy) button.textContent = words;
    stop.delete(form);
  });
  return undefined;
});

const release = (form) => stop.get(form)?.();
document.addEventListener("htmx:afterRequest", ({ detail }) => release(detail.requestConfig?.elt?.closest("form")));
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
