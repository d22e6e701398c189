// The page of an audit: the verdict and what it rests on, the picture, the findings, and what was not seen.

const report = data("report");
const SAID = data("words");
// What to mend first comes first, as on the screen.
const FINDINGS = report.scenarios
  .flatMap((scenario) =>
    scenario.findings.map((finding) => ({ ...finding, scenario: scenario.name, summary: scenario.summary })),
  )
  .sort((a, b) => a.known - b.known || a.place - b.place);
const CHANNELS = Object.keys(report.channels);

function subject() {
  const { wrapper, breakage } = report.settings;
  if (breakage) return [report.target, ` with breakage ${breakage}`];
  return [report.target, wrapper && wrapper !== "scoped" ? ` through ${wrapper}` : ""];
}

function verdictPart() {
  // As every report says it; the seed stands below, and what was left out on a line of its own.
  const said = report.said.replace(/ \(seed [^)]*\)/, "").replace(/^[A-Z]+ /, "");
  const [told, ...left] = said.split("; ");
  const word = report.verdict[0].toUpperCase() + report.verdict.slice(1);
  const [target, through] = subject();
  // Green only where most of what could be asked was asked.
  const doubtful = report.verdict === "held" && !report.unasked.thorough;
  const tone = doubtful ? "inconclusive" : report.verdict;
  return make(
    "section",
    { class: `verdict ${tone}`, "aria-label": "Verdict" },
    make("p", { class: "what" }, "Audit of ", make("strong", {}, visible(target)), visible(through)),
    make("h1", {}, sign(tone), make("span", {}, make("b", {}, word), ` ${visible(told)}`)),
    make("p", { class: "bound" }, together(report.bound.said)),
    left.length > 0 && make("p", { class: "warn" }, visible(sentence(left.join("; ")))),
    doubtful && make("p", { class: "warn" }, sentence(SAID.doubt)),
    report.disposable_unsaid && make("p", { class: "warn" }, sentence(SAID.unsaid)),
    report.interrupted && make("p", { class: "warn" }, sentence(SAID.so_far)),
    report.required_not_exercised.length > 0 &&
      make("p", { class: "warn" }, `Required and not judged: ${report.required_not_exercised.join(", ")}.`),
    channelStrip(),
    figures(),
  );
}

function channelStrip() {
  const item = (channel) => {
    const verdict = report.channels[channel];
    const probes = report.probes[channel];
    const silent = verdict === "held" && probes && !probes.returned;
    const words = verdict === "not exercised" ? verdict : silent ? "held, all refused" : verdict;
    const state = verdict === "not exercised" ? "unseen" : verdict;
    return make("li", { class: state }, sign(state), make("b", {}, channel), make("span", {}, words));
  };
  return make("ul", { class: "strip", "aria-label": "Verdict by channel" }, CHANNELS.map(item));
}

function figures() {
  const sum = (name) => Object.values(report.probes).reduce((total, one) => total + one[name], 0);
  const operations = report.scenarios.reduce((total, one) => total + one.operations, 0);
  const exercised = report.scenarios.filter((one) => one.not_exercised === null).length;
  const { users, facts } = report.settings;
  const told = [
    [`${exercised} of ${report.scenarios.length}`, "scenarios exercised"],
    users ? [users.toLocaleString("en"), `users each, ${counted(facts, "fact")} a user`] : null,
    [operations.toLocaleString("en"), "operations"],
    [
      sum("probes").toLocaleString("en"),
      `probes: ${sum("refused").toLocaleString("en")} refused, ${sum("crashed").toLocaleString("en")} crashed`,
    ],
    [String(report.seed), "seed"],
    [`${report.times.seconds.toLocaleString("en", { maximumFractionDigits: 1 })} s`, "in all"],
  ];
  return make(
    "dl",
    { class: "figures" },
    told.filter(Boolean).map(([number, what]) => make("div", {}, make("dt", {}, what), make("dd", {}, number))),
  );
}

function controls() {
  const row = (scenario) => {
    const control = scenario.control;
    if (!control)
      return [
        scenario.name,
        "",
        make("span", { class: "muted" }, scenario.not_exercised === null ? "not run" : "not exercised"),
        "",
      ];
    return [
      scenario.name,
      control.name,
      control.caught_by ? badge("held", `caught by ${control.caught_by}`) : badge("inconclusive", "missed"),
      control.unplanted_canary_silent ? badge("held", "silent") : badge("violated", "false alarm"),
    ];
  };
  return section(
    "controls",
    "Controls",
    "A verdict is worth what its detector is worth. In each scenario a leak was planted, which must be caught; and a fact was looked for that nobody stored, which must not be found. The first does not prove that the store would have been reached.",
    table("Controls", ["scenario", "planted", "planted leak", "fact never stored"], report.scenarios.map(row), {
      class: "plain",
    }),
  );
}

function limits() {
  const open = report.scenarios.filter((one) => one.inconclusive_because.length);
  const alike = [...Map.groupBy(open, (one) => one.inconclusive_because.join("; "))].map(([why, ones]) => [
    why,
    ones.map((one) => one.name),
  ]);
  const left = report.scenarios.filter((one) => one.not_exercised !== null);
  const quiet = CHANNELS.filter((one) => report.channels[one] === "not exercised");
  const list = (items) =>
    make(
      "dl",
      { class: "reasons" },
      items.map(([name, why]) => [make("dt", {}, visible(name)), make("dd", {}, visible(why))]),
    );
  const part = (title, items, none) =>
    make(
      "div",
      { class: "limit" },
      make("h3", {}, title),
      items.length ? list(items) : make("p", { class: "muted" }, none),
    );
  const said = [...report.warnings.map((one) => ["warning", one]), ...report.notes.map((one) => ["note", one])];
  if (report.left_behind)
    said.unshift([
      "left behind",
      `${counted(report.left_behind, "record")} could not be deleted by id: clean up, and take another seed until then`,
    ]);
  if (report.methods_missing.length) said.push(["no method", report.methods_missing.join(", ")]);
  return section(
    "limits",
    "What this does not say",
    "Silence is not isolation: what was not exercised, what stayed open and what was refused before it reached the store is listed here.",
    part(
      "Scenarios not exercised",
      left.map((one) => [one.name, one.not_exercised]),
      "None: every scenario was exercised.",
    ),
    report.unasked.gaps.length > 0 &&
      part(
        "What lets them be tried",
        report.unasked.gaps.map((one) => [one.attacks.join(", "), one.way_out]),
        "",
      ),
    part(
      "Classes of attack not tried",
      report.unasked.classes.not_tried.map((one) => [one.name, one.said]),
      "None: each class was tried.",
    ),
    part(
      "Scenarios that stay inconclusive",
      alike.map(([why, names]) => [names.join(", "), why]),
      "None.",
    ),
    part(
      "Channels not exercised",
      quiet.map((one) => [one, "no probe went this way"]),
      "None.",
    ),
    make("h3", {}, "What became of the probes"),
    probesTable(),
    attackClasses(),
    ids(),
    said.length > 0 && part("Notes and warnings", said, ""),
  );
}

function probesTable() {
  const heads = [
    "channel",
    ...["probes", "returned", "refused", "crashed", "pairs", "rate below"].map((name) => ({ name, number: true })),
  ];
  const rows = Object.entries(report.probes).map(([channel, one]) => {
    const bound = report.bounds[channel];
    const rate =
      !bound || bound.leaked || bound.rate_below === null ? "" : `${(100 * bound.rate_below).toPrecision(2)} %`;
    return [
      channel,
      ...[one.probes, one.returned, one.refused, one.crashed, bound?.pairs ?? 0].map((number) =>
        number.toLocaleString("en"),
      ),
      rate,
    ];
  });
  return table("What became of the probes", heads, rows, { class: "plain" });
}

function attackClasses() {
  const tried = report.unasked.classes.tried;
  if (!tried.length) return null;
  const counts = ["probes", "returned", "refused", "crashed"];
  const rows = tried.map((one) => [one.name, one.said, ...counts.map((name) => one[name].toLocaleString("en"))]);
  const heads = ["class", "what it is", ...counts.map((name) => ({ name, number: true }))];
  return make(
    "details",
    { class: "fold" },
    make("summary", {}, `${counted(tried.length, "class", "classes")} of attack, and what became of its probes`),
    table("Classes of attack", heads, rows, { class: "plain ids" }),
  );
}

const WORST = ["destroyed", "leaked", "lost", "crashed", "isolated", "refused"];

function ids() {
  const rows = report.scenarios.flatMap((scenario) =>
    Object.entries(scenario.ids).map(([shape, fates]) => [
      visible(shape),
      scenario.name,
      ...WORST.map((fate) => (fates[fate] ? fates[fate].toLocaleString("en") : "")),
    ]),
  );
  if (!rows.length) return null;
  return make(
    "details",
    { class: "fold" },
    make("summary", {}, `Hostile ids: ${counted(rows.length, "kind")} of id, and what became of each pair under it`),
    table("Hostile ids", ["id", "scenario", ...WORST.map((name) => ({ name, number: true }))], rows, {
      class: "plain ids",
    }),
  );
}

function provenance() {
  const settings = Object.entries(report.settings).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && !value.length),
  );
  const list = (entries) =>
    make(
      "dl",
      { class: "pairs" },
      entries.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, visible(value)))),
    );
  return section(
    "repeat",
    "Repeat it",
    "The same command is the same campaign.",
    copyable(report.repeat, "the command that repeats this audit"),
    make("h3", {}, "Settings"),
    list(settings),
    make("h3", {}, "Versions"),
    list(Object.entries(report.versions)),
  );
}

function start() {
  startTheme();
  const page = byId("page");
  page.append(verdictPart());
  const parts = [picture(report), coverage(), detection(), findingsPart(), controls(), limits(), provenance()];
  page.append(...parts.filter(Boolean));
  byId("foot").append(
    "Written by memfence. One self-contained file: it loads nothing and sends nothing. It holds synthetic facts only; any other text stands as its length and a keyed hash.",
  );
  openLinked();
}

start();
