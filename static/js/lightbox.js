// Pictures ([data-lightbox] links around an <img>) open large in [data-viewer]: arrows go on, + and − zoom, R turns.
// Without it the link hands out the file.
const viewer = document.querySelector("[data-viewer]");
const picture = viewer?.querySelector("img");
let links = [], at = 0, size = 1, turn = 0;

function draw() {
  const link = links[at];
  picture.src = link.querySelector("img").src;
  picture.alt = link.textContent.trim();
  picture.style.transform = `rotate(${turn}deg) scale(${size})`;
  viewer.querySelector("[data-name]").textContent = `${picture.alt} · ${at + 1}/${links.length}`;
  viewer.querySelector("[data-file]").href = link.href;
}

const acts = {
  next: () => { at = (at + 1) % links.length; size = 1; turn = 0; },
  back: () => { at = (at + links.length - 1) % links.length; size = 1; turn = 0; },
  nearer: () => { size = Math.min(5, size * 1.5); },
  farther: () => { size = Math.max(1, size / 1.5); },
  turn: () => { turn = (turn + 90) % 360; },
};
const KEYS = { ArrowRight: "next", ArrowLeft: "back", "+": "nearer", "=": "nearer", "-": "farther", r: "turn" };

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lightbox]");
  if (!viewer || !link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  links = [...link.closest(".thumbs, .evid").querySelectorAll("[data-lightbox]")];
  [at, size, turn] = [links.indexOf(link), 1, 0];
  draw();
  viewer.showModal();
});

viewer?.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "close" || event.target === viewer) viewer.close();
  else if (act) acts[act](), draw();
});

viewer?.addEventListener("keydown", (event) => {
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (act && !event.isComposing) event.preventDefault(), acts[act](), draw();
});
