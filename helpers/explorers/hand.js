// The browser's part of hand.py: where the picture can be grabbed, what is held, and where it is pulled to.

const REACH = { mouse: 8, pen: 8, touch: 22 }; // in pixels of the page
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.02; // of the picture, each time an arrow key is pressed

const GROUND = 2; // the rank of what is grabbed anywhere inside

// How far (x, y) is from an area, in pixels; more for an area of a higher rank, and infinitely far beyond reach.
function distance([, , rank, left, top, right, bottom], x, y, { width, height }, reach) {
  if (rank === GROUND) return left <= x && x <= right && top <= y && y <= bottom ? rank * reach : Infinity;
  const [alongX, alongY] = [(right - left) * width, (bottom - top) * height];
  const [fromX, fromY] = [(x - left) * width, (y - top) * height];
  const share = (fromX * alongX + fromY * alongY) / (alongX ** 2 + alongY ** 2 || 1);
  const nearest = Math.min(1, Math.max(0, share)); // on the line from one end to the other
  const away = Math.hypot(fromX - nearest * alongX, fromY - nearest * alongY);
  return away <= reach ? rank * reach + away : Infinity;
}

function render({ model, el }) {
  let held = null; // the grip, while something is held
  let next = null; // the grip that waits until the picture before it is seen
  let waiting = false;

  const picture = () => el.parentElement?.querySelector("img");

  function locate({ clientX, clientY }) {
    const box = picture().getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  }

  function find(point, kind) {
    const [x, y] = locate(point);
    const box = picture().getBoundingClientRect();
    const far = model.get("areas").map((area) => distance(area, x, y, box, REACH[kind]));
    const least = Math.min(...far);
    return least < Infinity ? model.get("areas")[far.indexOf(least)].slice(0, 2) : null;
  }

  function send(changes) {
    Object.assign(held, changes);
    next = { ...held };
    if (!held.held) held = null;
    if (!waiting) pass();
  }

  function pass() {
    waiting = next !== null;
    if (!waiting) return;
    model.set("grip", { ...next, number: model.get("answered") + 1 });
    model.save_changes();
    next = null;
  }

  // A picture that comes before the last one was shown would never be seen.
  model.on("change:answered", () => requestAnimationFrame(() => picture()?.decode().catch(() => {}).then(pass)));

  el.addEventListener("pointermove", (event) => {
    if (held?.pointer === event.pointerId) send({ at: locate(event) });
    else if (!held) el.style.cursor = find(event, event.pointerType) ? "grab" : "";
  });
  el.addEventListener("pointerdown", (event) => {
    const place = event.button === 0 && !held && find(event, event.pointerType);
    if (!place) return;
    el.setPointerCapture(event.pointerId);
    el.style.cursor = "grabbing";
    held = { place, pointer: event.pointerId, from: locate(event), held: true };
    send({ at: held.from });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    el.addEventListener(end, (event) => {
      if (held?.pointer !== event.pointerId) return;
      el.style.cursor = "grab";
      send({ held: false });
    });
  }
  // A finger that has grabbed something does not scroll; beside it a swipe scrolls the page.
  const grabs = (event) => [...event.changedTouches].some((finger) => find(finger, "touch"));
  el.addEventListener("touchstart", (event) => grabs(event) && event.preventDefault(), { passive: false });

  // What has a name takes the focus: an arrow key is a hand that moves a little, and lets go with the key.
  const named = new Map();
  function name() {
    for (const [handle, k, , left, top, right, bottom, words] of model.get("areas")) {
      if (!words) continue;
      if (!named.has(words)) named.set(words, el.appendChild(focusable(words)));
      const sides = { left, top, width: right - left, height: bottom - top };
      for (const side in sides) named.get(words).style[side] = `${100 * sides[side]}%`;
      named.get(words).place = [handle, k];
    }
  }
  function focusable(words) {
    const made = document.createElement("div");
    made.tabIndex = 0;
    made.setAttribute("role", "application");
    made.setAttribute("aria-label", words);
    made.dataset.lmSuppressShortcuts = "true"; // else the arrows lead JupyterLab to another cell
    made.style.cssText = "position: absolute; pointer-events: none";
    made.addEventListener("keydown", (event) => {
      if (!(event.key in KEYS)) return;
      event.preventDefault();
      held ??= { place: made.place, from: [0.5, 0.5], at: [0.5, 0.5], held: true };
      send({ at: KEYS[event.key].map((step, i) => held.at[i] + STEP * step) });
    });
    for (const end of ["keyup", "blur"]) made.addEventListener(end, () => held && send({ held: false }));
    return made;
  }
  el.style.position = "relative";
  name();
  model.on("change:areas", name);
}

export default { render };
