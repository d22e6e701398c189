// Who saw whose facts: a small picture of each scenario, one of them large, and the same as a list.

const PER_LIST = 30;

function picture() {
  const body = make("div", { class: "picture" }, make("p", { class: "muted" }, "Drawing …"));
  unpackSightings().then(
    (seen) =>
      body.replaceChildren(...(seen.length ? pictureOf(seen) : [make("p", { class: "muted" }, "Nobody was probed.")])),
    (reason) =>
      body.replaceChildren(
        make(
          "p",
          { class: "warn" },
          `The picture cannot be drawn here (${reason}): it needs a browser of 2023 or newer. All else on this page is whole.`,
        ),
      ),
  );
  return section(
    "picture",
    "Who saw whose facts",
    "Each row is a user who looks, each column one whose facts they are. Every scenario has users of its own.",
    body,
  );
}

function pictureOf(seen) {
  const leaks = new Map(seen.map((one) => [one, Object.values(one.pairs).some((states) => states.violated)]));
  const ordered = [...seen].sort((a, b) => leaks.get(b) - leaks.get(a));
  const readout = make("p", { id: "readout", class: "readout", role: "status" });
  const channel = make("select", { id: "picture-channel" });
  const large = matrix((pairs, cell) => readout.replaceChildren(...told(pairs, cell)));
  const list = make("div", { class: "pairlist" });
  const find = make("input", { id: "picture-find", type: "search", placeholder: "part of a name" });
  const title = make("h3", { class: "chosen" });
  // The one to look at first is where most others' facts were seen.
  let current = ordered.reduce((best, one) => (foreign(one) > foreign(best) ? one : best));
  let pairs = null;

  const relist = () => list.replaceChildren(...listed(pairs, find.value.trim().toLowerCase(), large));
  const redraw = () => {
    pairs = pairsOf(current, channel.value);
    large.take(pairs);
    const [, probed, answered, violated] = countStates(pairs);
    title.replaceChildren(
      current.scenario,
      make(
        "span",
        { class: "muted" },
        `${counted(current.tenants.length, "user")}; pairs: ${violated.toLocaleString("en")} violated, ${answered.toLocaleString("en")} answered and held, ${probed.toLocaleString("en")} refused`,
      ),
    );
    relist();
  };
  const choose = (one) => {
    current = one;
    channel.replaceChildren(
      make("option", { value: "" }, "all channels"),
      ...Object.keys(one.pairs).map((name) => make("option", { value: name }, name)),
    );
    for (const [small, node] of thumbs) node.setAttribute("aria-pressed", String(small === one));
    const strip = thumbs.get(one).parentElement;
    if (strip) strip.scrollLeft = thumbs.get(one).offsetLeft - strip.offsetLeft - 8;
    redraw();
  };
  const thumbs = new Map(ordered.map((one) => [one, thumb(one, () => choose(one))]));
  channel.addEventListener("change", redraw);
  find.addEventListener("input", relist);
  const button = (words, name, act) =>
    make("button", { type: "button", class: "quiet", "aria-label": name, onclick: act }, words);
  queueMicrotask(() => {
    choose(current);
    // What stands below has moved.
    requestAnimationFrame(() => openLinked());
  });
  return [
    ordered.length > 1 &&
      make("div", { class: "thumbs", role: "group", "aria-label": "Scenarios" }, [...thumbs.values()]),
    title,
    make(
      "div",
      { class: "tools" },
      make("label", { for: "picture-channel" }, make("span", {}, "channel"), channel),
      make(
        "div",
        { class: "buttons" },
        button("+", "Zoom in", () => large.zoom(1.6)),
        button("−", "Zoom out", () => large.zoom(1 / 1.6)),
        button("All", "Show all", large.all),
      ),
      pictureKey(),
    ),
    make(
      "div",
      { class: "beside" },
      make(
        "div",
        { class: "stage" },
        make("p", { class: "axis" }, "↓ who looks, → whose facts"),
        large.canvas,
        readout,
      ),
      make(
        "details",
        { class: "fold aslist", open: matchMedia("(min-width: 64rem)").matches },
        make("summary", {}, "The violated pairs as a list"),
        make("label", { for: "picture-find" }, make("span", {}, "find a user"), find),
        list,
      ),
    ),
  ].filter(Boolean);
}

const pictureKey = () =>
  make(
    "ul",
    { class: "key" },
    [
      ["violated", "violated"],
      ["held", "answered, nothing foreign"],
      ["refused", "refused or crashed"],
    ].map(([name, words]) => make("li", { class: name }, make("i", { class: "cell", "aria-hidden": "true" }), words)),
  );

function foreign(seen) {
  const count = (rows) => {
    let others = 0;
    rows.forEach((row, observer) => eachOwner(row, (owner) => (others += owner !== observer)));
    return others;
  };
  return Math.max(0, ...Object.values(seen.pairs).map((states) => count(states.violated ?? [])));
}

function told(pairs, cell) {
  if (!cell)
    return ["Point at a cell, or press an arrow key. Zoom with + and −, by pinching, or with the wheel once clicked."];
  const { tenants } = pairs.seen;
  const [observer, owner] = [tenants[cell.observer], tenants[cell.owner]];
  const whose = cell.observer === cell.owner ? "its own facts" : `${owner}'s facts`;
  const found = Object.entries(channelsOf(pairs, cell.observer, cell.owner)).filter(
    ([channel]) => !pairs.only || channel === pairs.only,
  );
  if (!found.length) return [make("b", {}, observer), ` did not reach for ${whose}.`];
  const words = { violated: "violated", answered: "answered, nothing foreign", probed: "refused or crashed" };
  return [
    make("b", {}, observer),
    " and ",
    make("b", {}, whose),
    ": ",
    found.map(([channel, state]) => `${channel} ${words[state]}`).join("; "),
  ];
}

function listed(pairs, wanted, large) {
  const { tenants } = pairs.seen;
  const fits = tenants.map((name) => !wanted || name.includes(wanted));
  const rows = [];
  let total = 0;
  for (let observer = 0; observer < pairs.size; observer += 1)
    for (let at = pairs.starts[observer]; at < pairs.starts[observer + 1]; at += 1) {
      const owner = pairs.owners[at];
      if (pairs.states[at] !== VIOLATED || !(fits[observer] || fits[owner])) continue;
      total += 1;
      if (rows.length < PER_LIST) rows.push([observer, owner]);
    }
  if (!total) return [make("p", { class: "muted" }, "None.")];
  const row = ([observer, owner]) => {
    const by = Object.entries(channelsOf(pairs, observer, owner))
      .filter(([, state]) => state === "violated")
      .map(([channel]) => channel);
    const go = () => {
      large.show(observer, owner);
      large.canvas.scrollIntoView({ block: "nearest" });
    };
    return [
      tenants[observer],
      observer === owner ? "its own" : tenants[owner],
      by.join(", "),
      make(
        "button",
        {
          type: "button",
          class: "quiet small",
          onclick: go,
          "aria-label": `Show ${tenants[observer]} and ${tenants[owner]} in the picture`,
        },
        "show",
      ),
    ];
  };
  return [
    table(
      "The violated pairs",
      ["who saw", "whose", "by", ""].map((name) => name || "in the picture"),
      rows.map(row),
      { class: "plain" },
    ),
    total > rows.length &&
      make(
        "p",
        { class: "muted small" },
        `The first ${rows.length} of ${counted(total, "pair")}; name a user to see its own.`,
      ),
  ].filter(Boolean);
}

const THUMB = 44;

function thumb(seen, choose) {
  const verdict = report.scenarios.find((one) => one.name === seen.scenario)?.verdict ?? "unseen";
  const canvas = make("canvas", { width: THUMB, height: THUMB, "aria-hidden": "true" });
  const size = seen.tenants.length;
  const worst = new Uint8Array(THUMB * THUMB);
  // A few tenants have several points each, many share one.
  const [step, wide] = [THUMB / size, Math.ceil(THUMB / size)];
  const note = () => {
    // Where there is one scenario, there is no choice to show.
    if (!canvas.isConnected) return;
    for (const byState of Object.values(seen.pairs))
      for (const [state, rows] of Object.entries(byState)) {
        const kind = STATES.indexOf(state);
        rows.forEach((row, observer) => {
          const top = Math.floor(observer * step);
          eachOwner(row, (owner) => {
            const left = Math.floor(owner * step);
            for (let y = top; y < Math.min(top + wide, THUMB); y += 1)
              for (let x = left; x < Math.min(left + wide, THUMB); x += 1)
                worst[y * THUMB + x] = Math.max(worst[y * THUMB + x], kind);
          });
        });
      }
    paint();
  };
  const paint = () => {
    if (!canvas.isConnected) return;
    const style = getComputedStyle(canvas);
    const shades = [0, packed(style.borderTopColor), packed(style.outlineColor), packed(style.color)];
    const image = new ImageData(THUMB, THUMB);
    new Uint32Array(image.data.buffer).set(Uint32Array.from(worst, (state) => shades[state]));
    canvas.getContext("2d").putImageData(image, 0, 0);
  };
  // One at a time, so that the page answers meanwhile.
  setTimeout(note);
  document.addEventListener("colours", paint);
  return make(
    "button",
    { type: "button", class: "thumb", "aria-pressed": "false", onclick: choose },
    canvas,
    make("span", {}, sign(verdict, verdict), " ", breakable(seen.scenario)),
  );
}
