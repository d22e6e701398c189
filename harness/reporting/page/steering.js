// How the picture is moved: wheel, fingers, mouse and keys.

const TAP = 6;

function steer(canvas, picture) {
  const fingers = new Map();
  let start = null;
  let moved = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener(
    "wheel",
    (event) => {
      // A page that is scrolled past keeps scrolling, until the picture was clicked.
      if (!picture.ready() || !(event.ctrlKey || event.metaKey || document.activeElement === canvas)) return;
      event.preventDefault();
      picture.zoom(Math.exp(-event.deltaY / 300), ...at(event));
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    start = { ...picture.view };
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!picture.ready()) return;
    const before = fingers.get(event.pointerId);
    const now = at(event);
    if (!before) {
      if (event.pointerType === "mouse" && document.activeElement !== canvas) picture.pick(picture.cellAt(...now));
      return;
    }
    fingers.set(event.pointerId, now);
    if (fingers.size > 1) {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
      picture.zoom(apart(now) / Math.max(apart(before), 1), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      moved = TAP + 1;
      return;
    }
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (moved < TAP) return;
    picture.view.x -= (now[0] - before[0]) / picture.view.scale;
    picture.view.y -= (now[1] - before[1]) / picture.view.scale;
    picture.bound();
    picture.later();
  });
  const lift = (event) => {
    if (fingers.has(event.pointerId) && start && moved < TAP && event.type === "pointerup" && picture.ready())
      picture.pick(picture.cellAt(...at(event)));
    fingers.delete(event.pointerId);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("dblclick", (event) => picture.zoom(2, ...at(event)));
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) {
      const from = picture.picked() ?? { observer: 0, owner: 0 };
      picture.show({ observer: Math.max(0, from.observer + step[0]), owner: Math.max(0, from.owner + step[1]) });
    } else if (event.key === "+" || event.key === "=") picture.zoom(1.5);
    else if (event.key === "-") picture.zoom(1 / 1.5);
    else if (event.key === "0") picture.zoom(0);
    else return;
    event.preventDefault();
  });
}
