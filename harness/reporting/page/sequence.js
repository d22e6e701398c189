// A finding as a sequence diagram: who called what, through what, and what came back.

const ROW = 30;
const HEAD = 46;

/** Returns the figure; it is drawn for the width that it has, and again when that changes. */
function sequence(finding) {
  const frame = make("div", { class: "drawing" });
  const figure = make(
    "figure",
    { class: "sequence" },
    frame,
    make(
      "figcaption",
      {},
      make("ol", {}, finding.story.map(stepLine)),
      make(
        "p",
        { class: "muted small" },
        "What is called and what comes back is observed. What passes between the wrapper and the store is not: those arrows are dashed.",
      ),
    ),
  );
  let width = 0;
  const redraw = () => {
    const now = Math.floor(frame.clientWidth);
    if (now && now !== width) frame.replaceChildren(diagram(finding, (width = now)));
  };
  new ResizeObserver(redraw).observe(frame);
  // Paper is as wide as it is, whatever the screen was.
  frame.replaceChildren(diagram(finding, 720));
  return figure;
}

function stepLine(step) {
  const back = step.came_back;
  const came = !back
    ? null
    : back.text
      ? [" Came back: ", foreignText(back.text), back.as === "returned" ? "" : ` (${back.as})`]
      : back.as === "returned"
        ? null
        : ` It was ${back.as}.`;
  return make("li", {}, make("b", {}, visible(step.doing)), " ", foreignText(step.deed), came && ".", came);
}

/** Names the lifelines, left to right. */
function lifelines(finding) {
  const { observer, owner } = finding.names;
  const { target, settings } = report;
  const own = ["mem0", "reference", "platform", "lossy"].includes(target);
  const wrapper =
    settings.breakage ??
    { scoped: "ScopedMemory", tutorial: "tutorial's wrapper", plain: "plain client" }[settings.wrapper] ??
    settings.wrapper;
  return [
    { key: "owner", name: owner, note: observer === owner ? "user" : "owner" },
    observer === owner ? null : { key: "observer", name: observer, note: "observer" },
    { key: "app", name: "app", note: "" },
    { key: "wrapper", name: own ? wrapper : "make_memory", note: own && settings.breakage ? "breakage" : "wrapper" },
    { key: "store", name: own ? target : "store", note: own ? "" : shortened(target, 24) },
  ].filter(Boolean);
}

function messages(finding) {
  return finding.story.flatMap((step) => {
    const who = step.role === "observer" && finding.names.observer !== finding.names.owner ? "observer" : "owner";
    const method = step.call.replace(/^make_(async_)?memory\((?:[^()"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\)\./, "");
    if (step.role === "world")
      return [{ from: "app", to: "store", text: step.deed, ...whatCame(step, finding, "app") }].flatMap(withAnswer);
    const quoted = step.channel === "add" || step.channel === "prompts";
    const asked = {
      from: who,
      to: "app",
      text: quoted
        ? step.deed
        : ({
            search: "looks for something",
            get_all: "lists all",
            get: "reads by id",
            history: "reads a history by id",
            update: "changes by id",
            delete: "deletes by id",
            delete_all: "deletes all",
          }[step.channel] ?? step.channel),
    };
    return [
      asked,
      ...withAnswer({ from: "app", via: "wrapper", to: "store", text: method, ...whatCame(step, finding, who) }),
    ];
  });
}

function whatCame(step, finding, who) {
  const back = step.came_back;
  if (!back) return {};
  const nothing = {
    returned: "came back, without its own fact",
    refused: "refused",
    crashed: "crashed",
    contained: "refused by the last net",
  }[back.as];
  return {
    answer: {
      from: "store",
      to: who,
      text: back.text || nothing,
      bad: finding.verdict === "violated",
      open: finding.verdict === "inconclusive",
      contained: back.as === "contained",
    },
  };
}

const withAnswer = ({ answer, ...message }) => (answer ? [message, answer] : [message]);

function diagram(finding, width) {
  const lines = lifelines(finding);
  const step = width / lines.length;
  const x = Object.fromEntries(lines.map((line, place) => [line.key, step * (place + 0.5)]));
  const narrow = step < 118;
  const top = HEAD + (narrow ? 30 : 0);
  const sent = messages(finding);
  const height = top + 14 + sent.length * (ROW + 10) + 10;
  const fits = (text, size) => shortened(text, Math.max(8, Math.floor((width - 8) / size)));
  const heads = lines.map((line, place) => {
    const drop = narrow && place % 2 ? 30 : 0;
    const room = Math.floor(((narrow ? 2 : 1) * step - 8) / 7.2);
    return draw(
      "g",
      { class: `head ${line.key}` },
      draw("line", { x1: x[line.key], x2: x[line.key], y1: 34 + drop, y2: height, class: "life" }),
      draw(
        "text",
        { x: clamp(x[line.key], line.name, width, 7.2), y: 16 + drop, class: "name" },
        shortened(visible(line.name), room),
      ),
      line.note
        ? draw("text", { x: clamp(x[line.key], line.note, width, 6), y: 29 + drop, class: "note" }, visible(line.note))
        : null,
    );
  });
  const rows = sent.map((one, place) => arrow(one, x, top + 26 + place * (ROW + 10), width, fits));
  return draw(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": `Sequence diagram: ${visible(headline(finding))}. The same is told in the list below.`,
    },
    heads,
    rows,
  );
}

/** Returns where the middle of a text stands so that all of it is inside. */
function clamp(middle, text, width, size) {
  const half = Math.min(text.length * size, width - 8) / 2 + 4;
  return Math.min(Math.max(middle, half), width - half);
}

function arrow(one, x, y, width, fits) {
  const [from, to] = [x[one.from], x[one.to]];
  const way = Math.sign(to - from);
  const head = (at, kind) => draw("path", { d: `M${at} ${y} l${-way * 8} -4.5 v9 z`, class: `tip ${kind}` });
  const kind = one.bad ? "bad" : one.open ? "open" : one.from === "store" ? "back" : "";
  const label = fits(visible(one.text), 6.7);
  const middle = one.via ? x[one.via] : (from + to) / 2;
  const shape = one.via
    ? [
        draw("line", { x1: from, x2: x[one.via], y1: y, y2: y, class: "call" }),
        head(x[one.via], ""),
        draw("line", { x1: x[one.via], x2: to - way * 6, y1: y, y2: y, class: "call unseen" }),
        head(to, ""),
      ]
    : [draw("line", { x1: from, x2: to - way * 6, y1: y, y2: y, class: `call ${kind}` }), head(to, kind)];
  return draw(
    "g",
    { class: "message" },
    shape,
    draw("text", { x: clamp(middle, label, width, 6.7), y: y - 8, class: `label ${kind}` }, label),
  );
}
