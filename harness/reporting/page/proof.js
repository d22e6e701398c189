// The page of a proof: which oracle catches which breakage, after how many operations; and the clean controls.

const proof = data("proof");
const ORACLES = Object.keys(proof.breakages[0]?.with_start ?? {});
const CELLS = {
  caught: ["held", "caught"],
  doubted: ["inconclusive", "seen, and inconclusive"],
  missed: ["silent", "silent"],
  "not exercised": ["none", "not exercised"],
};
const percent = (rate) => `${(100 * rate).toPrecision(2)} %`;

function proofVerdict() {
  const caught = proof.breakages.filter((one) => one.caught).length;
  const alarms = proof.false_alarms;
  const state = proof.proven ? "held" : "violated";
  const bound =
    alarms.rate_below === null
      ? ""
      : ` False alarms in less than ${percent(alarms.rate_below)} of such campaigns at ${100 * alarms.confidence} % (exact binomial), for tenants drawn as here, and for no others.`;
  const doubted = proof.breakages.filter((one) => one.caught && one.doubted).length;
  return make(
    "section",
    { class: `verdict ${state}`, "aria-label": "Verdict" },
    make("p", { class: "what" }, "Breakages planted on ", make("strong", {}, proof.on)),
    make(
      "h1",
      {},
      sign(state),
      make(
        "span",
        {},
        make("b", {}, proof.proven ? "Proven" : "Not proven"),
        ` ${caught} of ${proof.breakages.length} breakages caught`,
      ),
    ),
    make(
      "p",
      { class: "bound" },
      together(`${counted(alarms.alarmed, "false alarm")} in ${counted(alarms.trials, "clean campaign")}.${bound}`),
    ),
    proof.interrupted ? make("p", { class: "warn" }, "Interrupted: the rest is what was proven so far.") : null,
    proof.breakages.length < proof.known
      ? make(
          "p",
          { class: "warn" },
          `${proof.breakages.length} of the ${proof.known} breakages that there are were planted.`,
        )
      : null,
    make(
      "dl",
      { class: "figures" },
      [
        [String(ORACLES.length), "oracles"],
        [String(proof.seeds), `seeds from ${proof.seed}`],
        [doubted.toLocaleString("en"), "of the caught rightly inconclusive"],
        [`${proof.times.seconds.toLocaleString("en")} s`, "in all"],
      ].map(([number, what]) => make("div", {}, make("dt", {}, what), make("dd", {}, number))),
    ),
  );
}

function killCell(kill, oracle) {
  const [fresh, shared] = [kill.with_start[oracle], kill.without_start[oracle]];
  const told = `${CELLS[fresh][1]}; without start: ${CELLS[shared][1]}`;
  const mark = (cell) => make("i", { class: `mark ${CELLS[cell][0]}`, "aria-hidden": "true" });
  const own = oracle === kill.caught_by;
  return make(
    "td",
    { class: own ? "own" : null, title: `${kill.name} by ${oracle}: ${told}` },
    make("span", { class: "away" }, `${own ? "must catch it; " : ""}${told}`),
    mark(fresh),
    mark(shared),
  );
}

function span(kill, longest) {
  if (kill.median === null) return make("span", { class: "muted" }, "missed");
  const at = (value) => `${(3 + (94 * Math.log(Math.max(value, 1))) / Math.log(longest)).toFixed(1)}%`;
  return draw(
    "svg",
    { class: "track", role: "img", "aria-label": `median ${kill.median}, worst ${kill.worst}` },
    draw("line", { x1: "3%", x2: "97%", y1: "50%", y2: "50%", class: "whole" }),
    draw("line", { x1: at(kill.median), x2: at(kill.worst), y1: "50%", y2: "50%", class: "until" }),
    draw("circle", { cx: at(kill.median), cy: "50%", r: 4.5 }),
  );
}

function killMatrix() {
  const longest = Math.max(10, ...proof.breakages.map((one) => one.worst ?? 1));
  const rows = proof.breakages.map((kill) => ({
    kill,
    text: [kill.name, kill.summary, kill.layer, kill.caught_by, kill.soonest_in].join("\n").toLowerCase(),
    node: make(
      "tr",
      { id: `breakage-${kill.name}`, class: kill.caught ? null : "missed" },
      make(
        "th",
        { scope: "row" },
        make("b", {}, kill.caught ? null : sign("violated", "missed"), kill.name),
        make("small", {}, visible(kill.summary)),
      ),
      ORACLES.map((oracle) => killCell(kill, oracle)),
      make("td", { class: "spanned" }, span(kill, longest)),
      make("td", { class: "number" }, kill.median === null ? "" : kill.median.toLocaleString("en")),
      make("td", { class: "number" }, kill.worst === null ? "" : kill.worst.toLocaleString("en")),
    ),
  }));
  const layers = [...new Set(proof.breakages.map((one) => one.layer))];
  const heads = layers.map((layer) => ({
    layer,
    node: make("tr", { class: "layer" }, make("th", { scope: "rowgroup", colspan: ORACLES.length + 4 }, layer)),
  }));
  const wanted = { text: "", layer: "", oracle: "", state: "" };
  const count = make("p", { class: "count", role: "status" });
  const apply = () => {
    for (const { kill, text, node } of rows)
      node.hidden = !(
        (!wanted.text || text.includes(wanted.text.toLowerCase())) &&
        (!wanted.layer || kill.layer === wanted.layer) &&
        (!wanted.oracle || kill.caught_by === wanted.oracle) &&
        (!wanted.state || (kill.caught ? "caught" : "missed") === wanted.state)
      );
    for (const { layer, node } of heads)
      node.hidden = !rows.some((row) => row.kill.layer === layer && !row.node.hidden);
    const shown = rows.filter((row) => !row.node.hidden).length;
    count.textContent =
      shown === rows.length ? counted(shown, "breakage") : `${shown} of ${counted(rows.length, "breakage")}`;
  };
  const select = (name, label, values) =>
    make(
      "label",
      { for: `by-${name}` },
      make("span", {}, label),
      make(
        "select",
        { id: `by-${name}`, onchange: (event) => ((wanted[name] = event.target.value), apply()) },
        make("option", { value: "" }, "all"),
        values.map((one) => make("option", { value: one }, one)),
      ),
    );
  const search = make("input", {
    id: "by-text",
    type: "search",
    placeholder: "name or what is wrong",
    oninput: (event) => ((wanted.text = event.target.value), apply()),
  });
  const key = [
    ["held", "caught"],
    ["inconclusive", "seen, and inconclusive"],
    ["silent", "silent"],
    ["none", "not exercised"],
  ].map(([mark, words]) => make("li", {}, make("i", { class: `mark ${mark}`, "aria-hidden": "true" }), words));
  apply();
  const matrix = make(
    "table",
    { class: "kills" },
    make("caption", { class: "away" }, "Breakages by oracle"),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        make("th", { scope: "col" }, "breakage"),
        ORACLES.map((oracle) => make("th", { scope: "col", class: "upright" }, make("span", {}, oracle))),
        make("th", { scope: "col" }, "operations"),
        make("th", { scope: "col", class: "number" }, "median"),
        make("th", { scope: "col", class: "number" }, "worst"),
      ),
    ),
    heads.map(({ layer, node }) =>
      make(
        "tbody",
        {},
        node,
        rows.filter((row) => row.kill.layer === layer).map((row) => row.node),
      ),
    ),
  );
  // On a phone each breakage has a line for its sentence, and one for its marks.
  matrix.style.setProperty("--oracles", ORACLES.length);
  return section(
    "matrix",
    "Breakages by oracle",
    "A breakage is a defect planted on purpose. The framed cell is the oracle that must catch it. First mark: the target can be started afresh; second: it cannot, as most people's. At the right: operations up to the first detection, median and worst over the seeds, on a logarithmic scale.",
    make(
      "form",
      {
        class: "filters",
        role: "search",
        "aria-label": "Filter the breakages",
        onsubmit: (event) => event.preventDefault(),
      },
      make("label", { for: "by-text", class: "text" }, make("span", {}, "search"), search),
      select("state", "state", ["caught", "missed"]),
      select("layer", "layer", layers),
      select("oracle", "must be caught by", ORACLES),
    ),
    make("ul", { class: "key" }, key),
    count,
    sideways("Breakages by oracle", matrix),
  );
}

function cleanPart() {
  const rows = proof.clean.map((one) => [
    one.target,
    one.campaigns.toLocaleString("en"),
    `up to ${one.scenarios_each} of ${one.scenarios}`,
    one.alarmed ? badge("violated", String(one.alarmed)) : badge("held", "none"),
    one.inconclusive.toLocaleString("en"),
  ]);
  const explored = proof.explored.map((one) => [
    one.target,
    one.explorations.toLocaleString("en"),
    `${one.histories} generated histories`,
    one.alarmed ? badge("violated", String(one.alarmed)) : badge("held", "none"),
    "",
  ]);
  const alarms = [...proof.clean, ...proof.explored].flatMap((one) => one.alarms);
  return section(
    "clean",
    "Targets that isolate",
    "What is violated here is a false alarm.",
    table(
      "Clean controls",
      [
        "target",
        { name: "campaigns", number: true },
        "scenarios or histories in each",
        "false alarms",
        { name: "inconclusive", number: true },
      ],
      [...rows, ...explored],
      { class: "plain" },
    ),
    alarms.length > 0 &&
      make(
        "ul",
        {},
        alarms.map((one) => make("li", {}, foreignText(one))),
      ),
  );
}

function startProof() {
  startTheme();
  const list = (values) =>
    make(
      "dl",
      { class: "pairs" },
      Object.entries(values).map(([name, value]) =>
        make("div", {}, make("dt", {}, name), make("dd", {}, visible(value))),
      ),
    );
  byId("page").append(
    proofVerdict(),
    killMatrix(),
    cleanPart(),
    section(
      "repeat",
      "Repeat it",
      "The same command is the same proof.",
      copyable(proof.repeat, "the command that repeats this proof"),
      make("h3", {}, "Settings"),
      list(proof.settings),
      make("h3", {}, "Versions"),
      list(proof.versions),
    ),
  );
  byId("foot").append("Written by memfence. One self-contained file: it loads nothing and sends nothing.");
}

startProof();
