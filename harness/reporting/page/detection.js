// How many operations it took until each scenario showed its first violation.

function detection() {
  const shown = FINDINGS.filter((one) => one.verdict === "violated").sort(
    (a, b) => a.first_operation - b.first_operation,
  );
  if (!shown.length) return null;
  const longest = Math.max(
    ...report.scenarios.filter((one) => one.verdict === "violated").map((one) => one.operations),
    10,
  );
  const place = (operation) => `${(2 + (96 * Math.log(Math.max(operation, 1))) / Math.log(longest)).toFixed(2)}%`;
  const soonest = new Map();
  for (const one of shown) if (!soonest.has(one.scenario)) soonest.set(one.scenario, one);
  const row = (one) => {
    const all = report.scenarios.find((scenario) => scenario.name === one.scenario).operations;
    const bar = draw(
      "svg",
      { class: "track", "aria-hidden": "true" },
      draw("line", { x1: place(1), x2: place(all), y1: "50%", y2: "50%", class: "whole" }),
      draw("line", { x1: place(1), x2: place(one.first_operation), y1: "50%", y2: "50%", class: "until" }),
      draw("circle", { cx: place(one.first_operation), cy: "50%", r: 5 }),
    );
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, make("a", { href: `#${anchor(one)}` }, breakable(one.scenario))),
      make("td", {}, one.oracle),
      make("td", { class: "wide" }, bar),
      make("td", { class: "number" }, one.first_operation.toLocaleString("en")),
      make("td", { class: "number muted" }, `of ${all.toLocaleString("en")}`),
    );
  };
  return section(
    "detection",
    "Operations to detection",
    "How many operations of a scenario it took until the first violation showed. The scale is logarithmic; the thin line is the whole scenario.",
    sideways(
      "Operations to detection",
      make(
        "table",
        { class: "detection" },
        make("caption", { class: "away" }, "Operations to detection"),
        make(
          "thead",
          { class: "away-head" },
          make(
            "tr",
            {},
            ["scenario", "oracle", "", "operation", ""].map((name) =>
              name ? make("th", { scope: "col" }, name) : make("td", {}),
            ),
          ),
        ),
        make("tbody", {}, [...soonest.values()].map(row)),
      ),
    ),
  );
}
