// data-clock: ticks from what the server counted. data-left and data-runs are seconds at the moment the page was made, so
// only the time passed since then is measured here: a wrong clock or zone on this device changes nothing.
import { say, word } from "./words.js";

const ICONS = { risk: "risk", critical: "risk", over: "over" };
const since = new WeakMap();

// At most two units: 1 d 4 h, 2 h 10 m, 48 m.
export function spell(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const parts = [["d", Math.floor(minutes / 1440)], ["h", Math.floor(minutes / 60) % 24], ["m", minutes % 60]];
  const first = parts.findIndex(([, n]) => n > 0);
  if (first < 0) return word("m", { n: 0 });
  return parts.slice(first, first + 2).filter(([, n]) => n > 0).map(([unit, n]) => word(unit, { n })).join(" ");
}

function stateOf(clock, left) {
  if (left < 0) return "over";
  if (left <= Number(clock.dataset.criticalAt ?? -1)) return "critical";
  if (left <= Number(clock.dataset.riskAt ?? -1)) return "risk";
  return "running";
}

function show(clock) {
  const passed = (Date.now() - since.get(clock)) / 1000;
  const left = Number(clock.dataset.left) - Math.min(passed, Number(clock.dataset.runs ?? Infinity));
  const was = ["running", "risk", "critical", "over"].find((state) => clock.classList.contains(`is-${state}`));
  const state = stateOf(clock, left);
  if (!was || (state === "running" && was === "running")) return;
  if (state === "running") return; // the server saw it nearer than the limits say: leave its words
  const words = clock.querySelector("[data-clock-words]");
  const note = clock.querySelector(".dial__note");
  if (was === "running" && note) note.textContent = words.textContent; // the instant, which the words leave out now
  words.textContent = word(left < 0 ? "over" : "left", { time: spell(left) });
  if (state !== was) turn(clock, was, state);
}

function turn(clock, was, state) {
  clock.classList.replace(`is-${was}`, `is-${state}`);
  const icon = clock.querySelector(".icon use");
  icon?.setAttribute("href", icon.getAttribute("href").replace(/#.*/, `#i-${ICONS[state]}`));
  say(word(state === "over" ? "late" : "risk", { clock: clock.dataset.name ?? "" }));
}

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (!since.has(clock)) since.set(clock, Date.now());
    show(clock);
  }
}

tick();
setInterval(tick, 15000);
document.addEventListener("visibilitychange", tick);
document.addEventListener("htmx:afterSettle", tick);
