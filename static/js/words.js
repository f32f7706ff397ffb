// The sentences of _words.html: the page brings them in the reader's language, scripts fill the gaps.
const kept = document.getElementById("words")?.dataset ?? {};

export const word = (name, gaps = {}) =>
  Object.entries(gaps).reduce((text, [gap, value]) => text.replaceAll(`{${gap}}`, value), kept[name] ?? "");

// Tells readers of the screen's one live region; shows a toast when `shown`.
export function say(text, shown = false) {
  const region = document.getElementById("status");
  if (!region || !text) return;
  const line = document.createElement(shown ? "p" : "span");
  line.className = shown ? "banner is-warn" : "u-sr";
  line.textContent = text;
  region.append(line);
  if (!shown) setTimeout(() => line.remove(), 5000);
}
