// The page of a matrix: what each store lets cross, channel by channel and attack by attack, with a witness to each cell.

const CHANNELS = Object.keys(survey.channels);
const LEGEND = Object.keys(survey.legend);
const WRAPPERS = {
  plain: ["Plain client", "mem0's own client: ids are passed by hand on each call, and nothing is checked."],
  tutorial: [
    "Tutorial's wrapper",
    "The tutorial's ScopedMemory, as it stands there: it passes a user's id and checks nothing.",
  ],
  scoped: ["ScopedMemory", "The ScopedMemory of this package: one user's memory, and no way to any other's."],
};
// Of files, caches, key-value stores and vectors, which have keys and channels of their own.
const OF_KEYS = {
  plain: ["Plain code on resources", "What most would write: the user's id stands before the key, or is a filter."],
  scoped: ["Ours on resources", "ScopedFiles, ScopedCache, ScopedStore and ScopedVectors: one user's part alone."],
};
const AUDITED = survey.rows.filter((row) => !row.failure);
const ofKeys = (row) => row.store.includes(":");
const values = (name, rows = survey.rows) => [...new Set(rows.map((row) => row[name]))];

function channelTable(caption, rows) {
  const head = rows.some((row) => row.own_environment)
    ? (row) => [`mem0 ${row.mem0}`, row.store]
    : (row) => [row.store, row.embedder];
  const channels = CHANNELS.filter((one) => rows.some((row) => row.channels[one]));
  const line = (row) => {
    const [name, small] = head(row);
    const first = make("th", { scope: "row" }, make("b", {}, visible(name)), " ", make("small", {}, visible(small)));
    const cells = row.failure
      ? make("td", { class: "failed", colspan: channels.length || 1 }, "not audited: ", foreignText(row.failure))
      : channels.map((channel) => shown(row, "channels", channel));
    return make("tr", {}, first, cells);
  };
  return surveyTable(
    caption,
    make(
      "tr",
      {},
      make("td", {}),
      channels.map((one) => make("th", { scope: "col", class: "turned", title: survey.channels[one] }, one)),
    ),
    rows.map(line),
  );
}

function attackTable(caption, rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.scenarios)))];
  const groups = Map.groupBy(rows, (row) => (row.own_environment ? `mem0 ${row.mem0}` : row.store));
  const tops = [...groups].map(([name, group]) =>
    make("th", { scope: "colgroup", colspan: group.length, class: "turned" }, visible(name)),
  );
  const subs = rows.map((row) =>
    make("th", { scope: "col", class: "turned" }, visible(row.own_environment ? row.store : row.embedder)),
  );
  const line = (name) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", title: visible(survey.summaries[name] ?? "") }, breakable(name)),
      rows.map((row) => shown(row, "scenarios", name)),
    );
  return surveyTable(
    caption,
    [make("tr", {}, make("td", { rowspan: 2 }), tops), make("tr", {}, subs)],
    names.map(line),
  );
}

function surveyTable(caption, head, lines) {
  return sideways(
    caption,
    make(
      "table",
      { class: "grid survey" },
      make("caption", { class: "away" }, caption),
      make("thead", {}, head),
      make("tbody", {}, lines),
    ),
  );
}

/** The parts of the page: each wrapper on memories, then on resources with keys. */
function parts() {
  const newest = survey.rows.filter((row) => !row.own_environment);
  return [false, true].flatMap((keyed) =>
    values("wrapper", newest).map((wrapper) => {
      const [title, intro] = (keyed ? OF_KEYS : WRAPPERS)[wrapper] ?? [visible(wrapper), ""];
      const rows = newest.filter((row) => row.wrapper === wrapper && ofKeys(row) === keyed);
      return { id: keyed ? `resources-${wrapper}` : wrapper, title, intro, rows };
    }),
  );
}

/** One part for the rows of a wrapper, or for the older versions of mem0. */
function part(id, title, intro, rows) {
  if (!rows.length) return null;
  const audited = rows.filter((row) => !row.failure);
  return section(
    id,
    title,
    intro,
    channelTable(`${title}: channels`, rows),
    audited.length > 0 && [make("h3", {}, "Attack by attack"), attackTable(`${title}: attack by attack`, audited)],
  );
}

function heading() {
  const number = (value) => value.toLocaleString("en");
  const embedders = values("embedder").filter(Boolean).join(", ");
  const figures = [
    [number(values("store").length), values("store").length === 1 ? "store" : "stores"],
    ...(embedders ? [[embedders, "embedders"]] : []),
    [number(AUDITED.length), "audits"],
    [String(survey.seed), "seed"],
    [`${number(survey.times.seconds)} s`, "in all"],
  ];
  return make(
    "section",
    { class: "verdict", "aria-label": "What was compared" },
    make(
      "p",
      { class: "what" },
      make("strong", {}, visible(values("store").join(", "))),
      ", ",
      make("span", { class: "date" }, visible(survey.made.slice(0, 10))),
    ),
    make("h1", {}, make("span", {}, make("b", {}, "How each store isolates"))),
    make(
      "p",
      { class: "bound" },
      "Each line is an audit of mem0 on a store, or of what has keys, such as files or a cache. A cell says what became of the attempts on a channel; one that has a witness is a button, which shows the calls.",
    ),
    survey.interrupted ? make("p", { class: "warn" }, "Interrupted: rows are missing.") : null,
    make(
      "ul",
      { class: "strip wide", "aria-label": "Broken cells by wrapper" },
      parts().map(total),
    ),
    copyable(survey.repeat, "the command that repeats this matrix"),
    make(
      "dl",
      { class: "figures" },
      figures.map(([value, what]) => make("div", {}, make("dt", {}, what), make("dd", {}, value))),
    ),
  );
}

function total({ id, title, rows }) {
  const audited = rows.filter((row) => !row.failure);
  if (!audited.length) return null;
  const cells = audited
    .flatMap((row) => Object.values(row.channels))
    .filter((cell) => cell.words[0] !== UNTRIED);
  const count = (...tones) => cells.filter((cell) => tones.includes(tone(cell))).length;
  const kept = audited.filter((row) => row.channels.storage?.words.join() === "residue").length;
  const [broken, open] = [count("violated"), count("inconclusive", "open") - kept];
  // What is erased and still lies in mem0's own store reached nobody: that is told, and is no question left open.
  const state = broken ? "violated" : open ? "inconclusive" : "held";
  const told = [
    `${broken} of ${counted(cells.length, "cell")} broken`,
    open ? `${open} to look at` : "",
    kept ? `${kept} with residue: erased text is still in the store` : "",
  ];
  return make(
    "li",
    { class: state },
    badge(state, make("a", { href: `#${CSS.escape(id)}` }, title)),
    make("span", {}, told.filter(Boolean).join(", ")),
  );
}

const reasons = (items) =>
  make(
    "dl",
    { class: "reasons" },
    items.map(([name, why]) => [make("dt", {}, visible(name)), make("dd", {}, foreignText(why))]),
  );

function legend() {
  const item = (word) =>
    make(
      "div",
      {},
      make("dt", {}, make("span", { class: `word ${TONES[word] ?? "unseen"}` }, word === UNTRIED ? "–" : word)),
      make("dd", {}, survey.legend[word]),
    );
  return section(
    "legend",
    "Legend",
    "Where several words fit, the gravest stands first and gives the colour.",
    make("dl", { class: "legend" }, LEGEND.map(item)),
    make("h3", {}, "Channels"),
    reasons(Object.entries(survey.channels)),
  );
}

function limits() {
  const failed = survey.rows.filter((row) => row.failure).map((row) => [where(row), row.failure]);
  const { users, facts, load } = survey.settings;
  const notes = [
    ...(users
      ? [
          [
            "size",
            `${counted(users, "user")} a scenario, ${counted(facts, "fact")} each, among ${counted(load ?? 0, "record")} of others`,
          ],
        ]
      : []),
    ...survey.notes.map((note) => ["note", note]),
  ];
  const listed = (title, items, none) =>
    make("div", {}, make("h3", {}, title), items.length ? reasons(items) : make("p", { class: "muted" }, none));
  return section(
    "limits",
    "What this does not say",
    "A cell is as good as the attempts behind it: held is no proof, and what was not tried is not known.",
    listed("Not audited", failed, "Every audit came to its end."),
    listed("Stores left out", Object.entries(survey.left_out), "None."),
    listed("Notes", notes, "None."),
  );
}

function installed() {
  const versions = Object.entries(survey.versions).map(([name, value]) =>
    make("div", {}, make("dt", {}, visible(name)), make("dd", {}, visible(value))),
  );
  if (!versions.length) return "";
  return section(
    "installed",
    "Installed",
    "The command above is the same matrix again where the same is installed.",
    make("dl", { class: "pairs" }, versions),
  );
}

function startSurvey() {
  startTheme();
  byId("page").append(
    heading(),
    ...parts().map(({ id, title, intro, rows }) => part(id, title, intro, rows) ?? ""),
    part(
      "versions",
      "Versions of mem0",
      "The plain client under other versions of mem0, each in an environment of its own.",
      survey.rows.filter((row) => row.own_environment),
    ) ?? "",
    legend(),
    limits(),
    installed(),
    dialog,
  );
  byId("foot").append("Written by memfence. One self-contained file: it loads nothing and sends nothing.");
  dialog.addEventListener("close", () => address(""));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  addEventListener("hashchange", openLinked);
  openLinked();
}

startSurvey();
