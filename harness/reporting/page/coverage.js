// Scenario by channel: what was probed there, and what came of it.

function coverage() {
  const heads = CHANNELS.map((channel) => make("th", { scope: "col", class: "turned" }, make("span", {}, channel)));
  // A report of an older version does not say it.
  const times = report.times.scenarios;
  if (times) heads.push(make("th", { scope: "col", class: "seconds" }, "seconds"));
  const order = { violated: 0, inconclusive: 1, held: 2 };
  const rows = [...report.scenarios].sort((a, b) => (order[a.verdict] ?? 3) - (order[b.verdict] ?? 3));
  const key = ["violated", "inconclusive", "held", "refused", "unseen"].map((name) =>
    make(
      "li",
      { class: name },
      sign(name),
      { refused: "held: every probe was refused", unseen: "not exercised" }[name] ?? name,
    ),
  );
  return section(
    "coverage",
    "Scenario by channel",
    "The number in a cell is how many probes went that way. A red cell opens its findings. At the right are the seconds that a scenario took, with all that was looked at again for it.",
    make("ul", { class: "key" }, key),
    sideways(
      "Scenario by channel",
      make(
        "table",
        { class: "grid" },
        make("caption", { class: "away" }, "Verdict and number of probes for each scenario and channel"),
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "scenario"), heads)),
        make(
          "tbody",
          {},
          rows.map((scenario) => coverageRow(scenario, times)),
        ),
      ),
    ),
  );
}

function coverageRow(scenario, times) {
  const state = scenario.verdict ?? "unseen";
  return make(
    "tr",
    {},
    make(
      "th",
      { scope: "row", title: scenario.summary },
      sign(state, scenario.verdict ?? "not exercised"),
      " ",
      breakable(scenario.name),
    ),
    CHANNELS.map((channel) => coverageCell(scenario, channel)),
    times && make("td", { class: "seconds" }, scenario.not_exercised === null && seconds(times[scenario.name])),
  );
}

const seconds = (value) =>
  value === undefined ? "" : value.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function coverageCell(scenario, channel) {
  const verdict = scenario.channels[channel]?.verdict;
  if (!verdict) return make("td", { class: "unseen" }, sign("unseen", "not exercised"));
  const tally = scenario.channels[channel];
  const state = verdict === "held" && tally && !tally.returned ? "refused" : verdict;
  const words = state === "refused" ? "held, all refused" : verdict;
  const probes = tally ? tally.probes.toLocaleString("en") : "";
  const inside = [sign(state, words), probes && make("span", {}, probes)];
  if (!scenario.findings.some((one) => one.channel === channel)) return make("td", { class: state }, inside);
  const go = () => {
    document.dispatchEvent(new CustomEvent("wanted", { detail: { scenario: scenario.name, channel } }));
    byId("findings").scrollIntoView();
  };
  return make(
    "td",
    { class: state },
    make(
      "button",
      {
        type: "button",
        onclick: go,
        "aria-label": `${scenario.name} by ${channel}: ${words}, ${probes || "no"} probes; show its findings`,
      },
      inside,
    ),
  );
}
