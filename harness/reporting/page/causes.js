// Causes: what is wrong and how to mend it, told once, and below it the findings that show it.

const causeOf = (finding) => report.causes.find((cause) => cause.name === finding.cause);

/** Returns the title of a cause; where none is known, its oracle and its channel. */
const titled = (finding) => {
  const name = causeOf(finding).said ? finding.cause : `${finding.oracle.replaceAll("_", " ")} by ${finding.channel}`;
  return `${name[0].toUpperCase()}${name.slice(1)}`;
};

/** Returns the first sentences of what an oracle sees: what it does not see, the list of oracles has. */
const meaningOf = (oracle) => (oracle?.meaning ?? "").split("\n\n")[0].replaceAll("\n", " ");

/**
 * Returns findings of one cause: what to do about all of them, the first that shows it, and the others folded.
 * `advised` holds under which title each oracle's advice stands already.
 */
function causePart(findings, advised) {
  const [first, ...others] = findings;
  const cause = causeOf(first);
  const oracle = report.oracles[first.oracle];
  const above = advised.get(first.oracle);
  if (!above) advised.set(first.oracle, titled(first));
  const cards = findings.map((one) => card(one, first.oracle));
  const grave = SEVERITIES.find((severity) => findings.some((one) => one.severity === severity));
  const more = make(
    "details",
    { class: "fold" },
    make("summary", {}, `${counted(others.length, "more finding")} of the same cause`),
    make(
      "div",
      { class: "cards" },
      cards.slice(1).map((one) => one.node),
    ),
  );
  const node = make(
    "article",
    { class: `cause ${first.verdict}` },
    make("h3", {}, visible(titled(first))),
    make(
      "p",
      { class: "tags" },
      [grave, first.known ? "known" : null, WORDS[first.verdict], counted(findings.length, "finding")]
        .filter(Boolean)
        .map((tag) => make("span", { class: "tag" }, tag)),
    ),
    make("p", { class: "intro" }, visible(cause.said || meaningOf(oracle))),
    !above && advising(oracle?.advice ?? []),
    above && !cause.mend.length && make("p", {}, `What to do stands above, under “${visible(above)}”.`),
    ...mending(cause).filter(Boolean),
    make("div", { class: "cards" }, cards[0].node),
    others.length > 0 && more,
  );
  const show = (open) => {
    const shown = cards.map((one) => !one.node.hidden);
    node.hidden = !shown.includes(true);
    more.hidden = !shown.slice(1).includes(true);
    more.open = open && !more.hidden;
  };
  return { node, cards, show };
}

/** Returns what is wrong, where to look and what a right version does. */
function advising(sentences) {
  return sentences.length
    ? make("div", {}, make("h4", {}, "What to do"), make("p", {}, visible(sentences.join(" "))))
    : null;
}

/** Returns the lines that mend a cause, and the ids that it hangs on. */
function mending(cause) {
  return [
    cause.mend.length
      ? make("div", {}, make("h4", {}, "Mend"), copyable(cause.mend.join("\n"), "the lines that mend it"))
      : null,
    cause.ids.length ? make("p", {}, "Ids that did it: ", foreignText(cause.ids.join(", "))) : null,
  ];
}
