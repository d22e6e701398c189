// A finding as a sequence diagram: who called what, through what, and what came back.

const ROW = 26;
const NAME = "650 12px";
const NOTE = "11px";
const LABEL = "600 12.5px";
// A lifeline that is narrower than this stands lower than its neighbours, so that their names have room.
const NARROW = 118;

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
  // The id under which somebody came, where that is not the own one.
  const under = (id, note) => (id ? `id ${id}` : note);
  const { target, settings } = report;
  const own = ["mem0", "reference", "platform", "lossy"].includes(target);
  const wrapper =
    settings.breakage ??
    { scoped: "ScopedMemory", tutorial: "tutorial's wrapper", plain: "plain client" }[settings.wrapper] ??
    settings.wrapper;
  return [
    { key: "owner", name: owner, note: under(finding.ids.owner, observer === owner ? "user" : "owner") },
    observer === owner ? null : { key: "observer", name: observer, note: under(finding.ids.observer, "observer") },
    { key: "app", name: "app", note: "" },
    { key: "wrapper", name: own ? wrapper : "make_memory", note: own && settings.breakage ? "breakage" : "wrapper" },
    { key: "store", name: own ? target : "store", note: own ? "" : target },
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
  const narrow = step < NARROW;
  // The names at the edges are moved inwards.
  const room = (narrow ? 1.6 : 1) * step - 6;
  const names = lines.map((line) => balanced(visible(line.name), room, NAME, 6));
  const notes = lines.map((line) => balanced(visible(line.note), room, NOTE, 4));
  const lower = (place) => (lines[place].note ? notes[place].length * LEADING : 0);
  const tier = Math.max(...names.map((name, place) => name.length * LEADING + lower(place))) + 2;
  const top = tier * (narrow ? 2 : 1) + 8;
  let y = top;
  const rows = messages(finding).map((one) => {
    const label = inLines(visible(one.text), width - 8, LABEL, 3);
    y += ROW + label.length * LEADING;
    return arrow(one, label, x, y - 10, width);
  });
  const height = y + 10;
  const heads = lines.map((line, place) => {
    const drop = narrow && place % 2 ? tier : 0;
    const under = drop + names[place].length * LEADING;
    const from = under + lower(place) + 2;
    return draw(
      "g",
      { class: `head ${line.key}` },
      draw("line", { x1: x[line.key], x2: x[line.key], y1: from, y2: height, class: "life" }),
      lettered(names[place], NAME, { x: x[line.key], y: drop + 13, width, class: "name" }),
      line.note ? lettered(notes[place], NOTE, { x: x[line.key], y: under + 11, width, class: "note" }) : null,
    );
  });
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

function arrow(one, label, x, y, width) {
  const [from, to] = [x[one.from], x[one.to]];
  const way = Math.sign(to - from);
  const head = (at, kind) => draw("path", { d: `M${at} ${y} l${-way * 8} -4.5 v9 z`, class: `tip ${kind}` });
  const kind = one.bad ? "bad" : one.open ? "open" : one.from === "store" ? "back" : "";
  const middle = one.via ? x[one.via] : (from + to) / 2;
  const shape = one.via
    ? [
        draw("line", { x1: from, x2: x[one.via], y1: y, y2: y, class: "call" }),
        head(x[one.via], ""),
        draw("line", { x1: x[one.via], x2: to - way * 6, y1: y, y2: y, class: "call unseen" }),
        head(to, ""),
      ]
    : [draw("line", { x1: from, x2: to - way * 6, y1: y, y2: y, class: `call ${kind}` }), head(to, kind)];
  const first = y - 8 - (label.length - 1) * LEADING;
  return draw(
    "g",
    { class: "message" },
    shape,
    lettered(label, LABEL, { x: middle, y: first, width, class: `label ${kind}` }),
  );
}
