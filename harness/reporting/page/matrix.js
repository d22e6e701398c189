// The picture: observers down, owners across, one cell a pair; drawn on a canvas, from far or cell by cell.

const GUTTER = 118;
const LARGEST = 26;
// A few tenants get big cells, as the place is there.
const BIGGEST = 56;
const READABLE = 13;

function matrix(onPick) {
  const canvas = make("canvas", {
    class: "matrix",
    tabindex: 0,
    role: "application",
    "aria-label":
      "Who saw whose facts: observers down, owners across. Arrow keys move, plus and minus zoom, 0 shows all. The list below says the same.",
    "aria-describedby": "readout",
  });
  const pen = canvas.getContext("2d");
  const view = { x: 0, y: 0, scale: 1 };
  let pairs = null;
  let picked = null;
  const colours = {};
  let waiting = false;
  let width = 0;

  const largest = () => Math.max(LARGEST, Math.min(BIGGEST, (width - Math.min(GUTTER, width * 0.3)) / pairs.size));
  const gutter = () => (view.scale >= READABLE ? Math.min(GUTTER, width * 0.3) : 0);
  const room = () => width - gutter();
  // All of it is seen, with the names beside it where there is room for them.
  const least = () => {
    const named = (width - Math.min(GUTTER, width * 0.3)) / pairs.size;
    return named >= READABLE ? Math.min(largest(), named) : Math.min(READABLE - 1, width / pairs.size);
  };

  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (pairs) paint();
    });
  };

  const learnColours = () => {
    const probe = make("span", { class: "away" });
    document.body.append(probe);
    for (const name of ["red-fill", "green-fill", "grey", "line", "muted", "surface", "accent"]) {
      probe.style.color = `var(--${name})`;
      colours[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    later();
  };

  const bound = () => {
    view.scale = Math.min(Math.max(view.scale, least()), largest());
    const span = room() / view.scale;
    const limit = Math.max(0, pairs.size - span);
    view.x = Math.min(Math.max(view.x, 0), limit);
    view.y = Math.min(Math.max(view.y, 0), limit);
    canvas.style.touchAction = view.scale > least() * 1.01 ? "none" : "pan-y";
  };

  const zoom = (factor, atX = width / 2, atY = canvas.clientHeight / 2) => {
    const before = cellAt(atX, atY, true);
    view.scale *= factor;
    bound();
    view.x = before.owner - (atX - gutter()) / view.scale;
    view.y = before.observer - (atY - gutter()) / view.scale;
    bound();
    later();
  };

  function cellAt(px, py, exact = false) {
    const owner = view.x + (px - gutter()) / view.scale;
    const observer = view.y + (py - gutter()) / view.scale;
    return exact ? { observer, owner } : { observer: Math.floor(observer), owner: Math.floor(owner) };
  }

  const pick = (cell) => {
    const inside =
      cell && pairs && cell.observer >= 0 && cell.owner >= 0 && cell.observer < pairs.size && cell.owner < pairs.size;
    picked = inside ? cell : null;
    onPick(pairs, picked);
    later();
  };

  const show = ({ observer, owner }) => {
    const span = room() / view.scale;
    if (owner < view.x || owner >= view.x + span - 1) view.x = owner - span / 2;
    if (observer < view.y || observer >= view.y + span - 1) view.y = observer - span / 2;
    bound();
    pick({ observer, owner });
  };

  function paint() {
    const scale = view.scale;
    const edge = gutter();
    const ratio = canvas.width / width;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, width);
    const side = Math.min(room(), pairs.size * scale);
    pen.fillStyle = colours.surface;
    pen.fillRect(edge, edge, side, side);
    pen.save();
    pen.beginPath();
    pen.rect(edge, edge, side, side);
    pen.clip();
    if (scale >= 5) lines(edge, side, scale);
    const far = scale * ratio < 2;
    if (far) paintFar(edge, ratio);
    else paintNear(edge, scale);
    pen.restore();
    pen.strokeStyle = colours.line;
    pen.strokeRect(edge + 0.5, edge + 0.5, side - 1, side - 1);
    if (edge) names(edge, side, scale);
    if (picked) mark(edge, scale);
  }

  function lines(edge, side, scale) {
    pen.strokeStyle = colours.line;
    pen.lineWidth = 0.5;
    pen.beginPath();
    for (let at = Math.ceil(view.x); (at - view.x) * scale < side; at += 1) {
      pen.moveTo(edge + (at - view.x) * scale, edge);
      pen.lineTo(edge + (at - view.x) * scale, edge + side);
    }
    for (let at = Math.ceil(view.y); (at - view.y) * scale < side; at += 1) {
      pen.moveTo(edge, edge + (at - view.y) * scale);
      pen.lineTo(edge + side, edge + (at - view.y) * scale);
    }
    pen.stroke();
    pen.lineWidth = 1;
  }

  const between = (each) => {
    const span = room() / view.scale + 1;
    const last = Math.min(pairs.size, Math.ceil(view.y + span));
    for (let observer = Math.max(0, Math.floor(view.y)); observer < last; observer += 1)
      for (let at = pairs.starts[observer]; at < pairs.starts[observer + 1]; at += 1) {
        const owner = pairs.owners[at];
        if (owner >= view.x - 1 && owner <= view.x + span) each(observer, owner, pairs.states[at]);
      }
  };

  // From far several pairs share a point: the gravest is shown, so that no single leak is lost.
  function paintFar(edge, ratio) {
    const points = Math.ceil(room() * ratio);
    const worst = new Uint8Array(points * points);
    const step = view.scale * ratio;
    const size = Math.max(1, Math.round(step));
    between((observer, owner, state) => {
      const [px, py] = [Math.floor((owner - view.x) * step), Math.floor((observer - view.y) * step)];
      for (let y = Math.max(py, 0); y < Math.min(py + size, points); y += 1)
        for (let x = Math.max(px, 0); x < Math.min(px + size, points); x += 1)
          if (state > worst[y * points + x]) worst[y * points + x] = state;
    });
    const image = pen.createImageData(points, points);
    const words = new Uint32Array(image.data.buffer);
    const shades = [0, ...["grey", "green-fill", "red-fill"].map((name) => packed(colours[name]))];
    for (let at = 0; at < worst.length; at += 1) if (worst[at]) words[at] = shades[worst[at]];
    const layer = new OffscreenCanvas(points, points);
    layer.getContext("2d").putImageData(image, 0, 0);
    pen.drawImage(layer, edge, edge, points / ratio, points / ratio);
  }

  function paintNear(edge, scale) {
    const gap = scale >= 5 ? 1 : 0;
    const signs = scale >= READABLE;
    const paths = [null, new Path2D(), new Path2D(), new Path2D()];
    const crosses = new Path2D();
    between((observer, owner, state) => {
      const [px, py] = [edge + (owner - view.x) * scale, edge + (observer - view.y) * scale];
      paths[state].rect(px + gap / 2, py + gap / 2, scale - gap, scale - gap);
      if (signs && state === VIOLATED) {
        const [near, away] = [scale * 0.34, scale * 0.66];
        crosses.moveTo(px + near, py + near);
        crosses.lineTo(px + away, py + away);
        crosses.moveTo(px + away, py + near);
        crosses.lineTo(px + near, py + away);
      }
    });
    ["", "grey", "green-fill", "red-fill"].forEach((name, state) => {
      if (!state) return;
      pen.fillStyle = colours[name];
      pen.fill(paths[state]);
    });
    pen.strokeStyle = "#fff";
    pen.lineWidth = 1.6;
    pen.stroke(crosses);
    pen.lineWidth = 1;
  }

  function names(edge, side, scale) {
    pen.font = `${Math.min(12, scale - 1)}px system-ui, sans-serif`;
    pen.textBaseline = "middle";
    const letters = Math.floor((edge - 10) / 6.2);
    const last = (from) => Math.min(pairs.size, Math.floor(from + side / scale));
    pen.textAlign = "right";
    for (let one = Math.ceil(view.y); one < last(view.y); one += 1) {
      pen.fillStyle = picked?.observer === one ? colours.accent : colours.muted;
      pen.fillText(shortened(pairs.seen.tenants[one], letters), edge - 6, edge + (one - view.y + 0.5) * scale);
    }
    pen.textAlign = "left";
    for (let one = Math.ceil(view.x); one < last(view.x); one += 1) {
      pen.save();
      pen.translate(edge + (one - view.x + 0.5) * scale, edge - 6);
      pen.rotate(-Math.PI / 2);
      pen.fillStyle = picked?.owner === one ? colours.accent : colours.muted;
      pen.fillText(shortened(pairs.seen.tenants[one], letters), 0, 0);
      pen.restore();
    }
  }

  function mark(edge, scale) {
    const size = Math.max(scale, 7);
    const [px, py] = [edge + (picked.owner - view.x + 0.5) * scale, edge + (picked.observer - view.y + 0.5) * scale];
    if (px < edge || py < edge) return;
    pen.strokeStyle = colours.accent;
    pen.lineWidth = 2;
    pen.strokeRect(px - size / 2, py - size / 2, size, size);
    pen.lineWidth = 1;
  }

  const fit = () => {
    width = canvas.clientWidth;
    if (!width || !pairs) return;
    bound();
    // As high as it is wide, but not higher than the tenants make it.
    const height = Math.min(width, Math.ceil(gutter() + pairs.size * least()) + 1);
    const ratio = Math.min(devicePixelRatio || 1, 2);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    later();
  };
  new ResizeObserver(fit).observe(canvas);
  document.addEventListener("colours", learnColours);
  learnColours();
  steer(canvas, {
    zoom,
    pick,
    show,
    cellAt,
    view,
    bound,
    later,
    gutter,
    ready: () => pairs !== null,
    picked: () => picked,
  });

  return {
    canvas,
    zoom,
    pick,
    show(observer, owner) {
      view.scale = Math.max(view.scale, READABLE + 3);
      bound();
      show({ observer, owner });
    },
    all() {
      view.scale = 0;
      bound();
      later();
    },
    take(next) {
      pairs = next;
      picked = null;
      view.x = view.y = view.scale = 0;
      fit();
      onPick(pairs, null);
      later();
    },
  };
}

/** Shade as the bytes of a pixel; the order is that of every machine that browsers run on. */
function packed(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
