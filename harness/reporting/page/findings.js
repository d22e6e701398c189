// The findings: each one told, drawn and ready to repeat; filtered, searched, and opened by its link.

const anchor = (finding) => `finding-${finding.fingerprint}`;

const headline = (finding) => finding.plainly;
const SEVERITIES = ["critical", "high", "medium", "low"];
const WORDS = { violated: "violated", inconclusive: "inconclusive", held: "does not count" };

function findingsPart() {
  const alike = Map.groupBy(FINDINGS, (one) => JSON.stringify([one.known, one.verdict, one.cause]));
  const advised = new Map();
  const groups = [...alike.values()].map((findings) => causePart(findings, advised));
  const cards = groups.flatMap((group) => group.cards);
  const kept = { verdict: "", oracle: "", channel: "", severity: "", scenario: "", text: "" };
  const count = make("p", { class: "count", role: "status" });
  const none = make(
    "p",
    { class: "muted none", hidden: true },
    "No finding matches. Clear the filters to see all of them.",
  );
  const controls = {};

  const apply = () => {
    const wanted = kept.text.toLowerCase();
    let shown = 0;
    for (const one of cards) {
      const fits = ["verdict", "oracle", "channel", "severity", "scenario"].every(
        (name) => !kept[name] || one.finding[name] === kept[name],
      );
      one.node.hidden = !(fits && (!wanted || one.text.includes(wanted)));
      shown += !one.node.hidden;
    }
    const filtered = shown < cards.length;
    groups.forEach((group) => group.show(filtered));
    none.hidden = shown > 0;
    count.textContent =
      shown === cards.length ? `${counted(shown, "finding")}` : `${shown} of ${counted(cards.length, "finding")}`;
  };
  const select = (name, order) => {
    const values = [...new Set(FINDINGS.map((one) => one[name]))].sort((a, b) =>
      order ? order.indexOf(a) - order.indexOf(b) : a.localeCompare(b),
    );
    controls[name] = make(
      "select",
      { id: `by-${name}`, onchange: (event) => set({ [name]: event.target.value }) },
      make("option", { value: "" }, "all"),
      values.map((one) => make("option", { value: one }, name === "verdict" ? WORDS[one] : one)),
    );
    return make("label", { for: `by-${name}` }, make("span", {}, name), controls[name]);
  };
  const set = (wanted) => {
    Object.assign(kept, wanted);
    for (const [name, control] of Object.entries(controls)) control.value = kept[name];
    apply();
  };
  controls.text = make("input", {
    id: "by-text",
    type: "search",
    placeholder: "name, text, evidence …",
    oninput: (event) => set({ text: event.target.value }),
  });
  const clear = () => set({ verdict: "", oracle: "", channel: "", severity: "", scenario: "", text: "" });
  document.addEventListener("wanted", (event) => {
    clear();
    set(event.detail);
  });

  const bar = make(
    "form",
    {
      class: "filters",
      role: "search",
      "aria-label": "Filter the findings",
      onsubmit: (event) => event.preventDefault(),
    },
    make("label", { for: "by-text", class: "text" }, make("span", {}, "search"), controls.text),
    select("verdict", Object.keys(WORDS)),
    select("severity", SEVERITIES),
    select("oracle"),
    select("channel", CHANNELS),
    select("scenario"),
    make("button", { type: "button", class: "quiet", onclick: clear }, "Clear"),
  );
  if (!cards.length)
    return section(
      "findings",
      "Findings",
      "",
      make("p", { class: "muted" }, "None. What that is worth stands under Controls and in what this does not say."),
    );
  apply();
  addEventListener("hashchange", openLinked);
  addEventListener("beforeprint", () => {
    groups.forEach((group) => group.show(true));
    cards.forEach((one) => one.open());
  });
  return section(
    "findings",
    "Findings",
    "By cause; what to mend first comes first. Below each cause stands a finding for each oracle, class and channel in a scenario, told by an example. Open one to see what was called and what came back.",
    bar,
    count,
    none,
    make(
      "div",
      { class: "causes" },
      groups.map((group) => group.node),
    ),
  );
}

/** Opens the finding that the address names, also one that a filter hides. */
function openLinked(event) {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    // An address that is no text names nothing.
  }
  const node = name.startsWith("finding-") ? byId(name) : null;
  if (!node) {
    const first = document.querySelector(".card");
    if (first && !name.startsWith("finding-") && event === undefined) first.open = true;
    return;
  }
  if (node.hidden) document.dispatchEvent(new CustomEvent("wanted", { detail: {} }));
  const folded = node.closest(".fold");
  if (folded) folded.open = true;
  node.open = true;
  node.scrollIntoView();
}

/** Returns one finding; what the oracle `advised` is told once, above. */
function card(finding, advised) {
  const text = [
    finding.scenario,
    finding.oracle,
    finding.class,
    finding.severity,
    finding.channel,
    `CWE-${finding.cwe}`,
    headline(finding),
    finding.shown,
    finding.observer,
    finding.owner,
    finding.cause,
    ...finding.evidence,
    ...finding.reproduce,
  ]
    .join("\n")
    .toLowerCase();
  const body = make("div", { class: "body" });
  const node = make(
    "details",
    { class: `card ${finding.verdict}`, id: anchor(finding) },
    make(
      "summary",
      {},
      make(
        "span",
        { class: "head" },
        badge(finding.verdict === "held" ? "unseen" : finding.verdict, WORDS[finding.verdict]),
        make("span", { class: "title" }, visible(headline(finding))),
      ),
      make(
        "span",
        { class: "tags" },
        [
          finding.severity,
          finding.cwe ? `CWE-${finding.cwe}` : null,
          finding.oracle,
          `by ${finding.channel}`,
          `in ${finding.scenario}`,
          counted(finding.count, "finding"),
        ]
          .filter(Boolean)
          .map((tag) => make("span", { class: "tag" }, tag)),
      ),
    ),
    body,
  );
  let told = false;
  const tell = () => {
    if (!told) body.append(...tale(finding, advised));
    told = true;
  };
  node.addEventListener("toggle", () => node.open && tell());
  const open = () => {
    tell();
    node.open = true;
  };
  return { finding, node, text, open };
}

function tale(finding, advised) {
  const link = make("a", { href: `#${anchor(finding)}`, class: "permalink" }, "Link to this finding");
  const erased = finding.class === "leak" && finding.observer !== finding.owner;
  return [
    make("p", { class: "intro" }, visible(`What should hold: ${finding.summary}`)),
    sequence(finding),
    finding.shown
      ? make(
          "div",
          { class: "shown" },
          make("h4", {}, finding.oracle === "noninterference" ? "It differs in" : "What came back"),
          make("blockquote", { class: finding.verdict }, foreignText(finding.shown)),
        )
      : null,
    make(
      "div",
      { class: "evidence" },
      make("h4", {}, erased ? `Why it is ${visible(finding.names.owner)}'s` : "Evidence"),
      make(
        "ul",
        {},
        finding.evidence.map((one) => make("li", {}, foreignText(one))),
      ),
    ),
    finding.location
      ? make("p", {}, "Your code: ", make("code", {}, visible(`${finding.location.file}:${finding.location.line}`)))
      : null,
    make(
      "div",
      {},
      make("h4", {}, finding.reproduce_as.replace(/^r/, "R")),
      copyable(finding.reproduce.join("\n"), "the calls that show it"),
    ),
    finding.oracle === advised ? null : advising(report.oracles[finding.oracle]?.advice ?? []),
    make("div", {}, make("h4", {}, "Repeat"), copyable(finding.repeat, "the command that finds it again")),
    make(
      "p",
      { class: "muted small" },
      `First seen at operation ${finding.first_operation.toLocaleString("en")}; this example is operation ${finding.operation.toLocaleString("en")}. `,
      link,
    ),
  ].filter(Boolean);
}
