// The page of a crowd: what was counted, probed and measured among so many users.

const scale = data("scale");
const NUMBERS = new Set(["users", "facts/s", "probes", "refused", "crashed", "pairs", "leaked", "bytes/user"]);

function scaleVerdict() {
  const [word, ...rest] = scale.said.split(" ");
  return make(
    "section",
    { class: `verdict ${scale.verdict}`, "aria-label": "Verdict" },
    make("h1", {}, sign(scale.verdict), make("span", {}, make("b", {}, word), ` ${visible(rest.join(" "))}`)),
    scale.violations.map((one) => make("p", { class: "warn" }, visible(one))),
    scale.open.map((one) => make("p", { class: "warn" }, `open: ${visible(one)}`)),
  );
}

function columns(caption, [heads, ...rows]) {
  const named = heads.map((name) => (NUMBERS.has(name) ? { name, number: true } : name));
  return table(caption, named, rows, { class: "plain" });
}

const listed = (lines) =>
  make(
    "ul",
    {},
    lines.map((one) => make("li", {}, foreignText(one))),
  );

function curvesPart() {
  if (scale.curves.length < 2) return null;
  const drawn =
    scale.picture &&
    make("img", {
      src: `data:image/svg+xml;base64,${btoa(unescape(encodeURIComponent(scale.picture)))}`,
      alt: "Search time through ScopedMemory, and how many users found their own fact, by the number of users",
      style: false,
    });
  return section(
    "curves",
    "Curves",
    "How quickly one user is answered as the others become more, and how much of its own it finds.",
    drawn,
    columns("Speed by the number of users", scale.curves),
  );
}

function storiesPart() {
  if (!scale.stories.length) return null;
  return section(
    "findings",
    "Findings",
    "One of each kind, with the calls that show it.",
    scale.stories.map((one) => [
      make("h3", {}, visible(one.headline)),
      copyable(one.lines.join("\n"), "this finding"),
    ]),
  );
}

function startScale() {
  startTheme();
  const pairs = (values) =>
    make(
      "dl",
      { class: "pairs" },
      Object.entries(values).map(([name, value]) =>
        make("div", {}, make("dt", {}, name), make("dd", {}, visible(value))),
      ),
    );
  byId("page").append(
    ...[
      scaleVerdict(),
      section("rows", "Rows", "Every row of the store was read, and its text compared with its label.", listed(scale.counted)),
      storiesPart(),
      section("probes", "Probes", "Drawn pairs, near twins first.", columns("Probes by door and channel", scale.probed)),
      curvesPart(),
      section("notes", "Notes", null, listed(scale.notes)),
      section(
        "repeat",
        "Repeat it",
        "The same command counts the same rows; times differ.",
        copyable(scale.repeat, "the command that repeats this"),
        make("h3", {}, "Settings"),
        pairs(scale.settings),
        make("h3", {}, "Peak memory of a process, in bytes"),
        pairs(scale.peaks),
        make("h3", {}, "Seconds in shards"),
        pairs(scale.busy),
        make("h3", {}, "Versions"),
        pairs(scale.versions),
      ),
    ].filter(Boolean),
  );
  byId("foot").append("Written by memfence. One self-contained file: it loads nothing and sends nothing.");
}

startScale();
