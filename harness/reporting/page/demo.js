// The page of the demonstration: acts that tell the same story stand side by side, step by step.

const demo = data("demo");

const crossed = (act) => act.lines.filter((line) => line.leaked).length;
const judged = (act) => act.lines.filter((line) => line.leaked !== null).length;
const verdictOf = (act) => (crossed(act) ? "violated" : "held");
const named = (act) => act.title.replace(/^\d+\. /, "");

function summaryCard(act) {
  const verdict = verdictOf(act);
  const words = crossed(act)
    ? `${crossed(act)} of ${judged(act)} reads and deletes leaked or destroyed`
    : `${counted(judged(act), "read")}, no leak`;
  return make(
    "li",
    { class: verdict },
    make("b", {}, named(act)),
    badge(verdict, crossed(act) ? "leaks" : "held"),
    make("span", {}, words),
  );
}

function answer(line, act) {
  const label = { "data-act": named(act) };
  if (!line) return make("td", { ...label, class: "muted" }, "no");
  const state = line.leaked === null ? "" : line.leaked ? "violated" : "held";
  return make(
    "td",
    { ...label, class: state },
    state ? sign(state, line.leaked ? "another's was shown or destroyed" : "as it should be") : null,
    make(
      "span",
      {},
      line.answer ? foreignText(line.answer) : line.leaked ? make("strong", {}, "yes") : "done",
      line.mark ? make("strong", {}, ` ${visible(line.mark)}`) : null,
    ),
  );
}

function storyTable(title, acts) {
  const steps = [...new Set(acts.flatMap((act) => act.lines.map((line) => line.what)))];
  const row = (what) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, foreignText(what)),
      acts.map((act) =>
        answer(
          act.lines.find((line) => line.what === what),
          act,
        ),
      ),
    );
  const head = (act) =>
    make(
      "th",
      { scope: "col" },
      make("span", { class: "acthead" }, named(act), badge(verdictOf(act), crossed(act) ? "leaks" : "held")),
      make("small", {}, visible(act.explanation)),
    );
  return sideways(
    title,
    make(
      "table",
      { class: "acts" },
      make("caption", { class: "away" }, title),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "step"), acts.map(head))),
      make("tbody", {}, steps.map(row)),
    ),
  );
}

function startDemo() {
  startTheme();
  const page = byId("page");
  const stories = [...new Set(demo.acts.map((act) => act.story))];
  const titles = {
    everyday: ["Every day", "Both users store a fact, search, list and delete."],
    attacked: ["Under attack", "The same attacks on broken code, on the tutorial's wrapper and on ScopedMemory, through every door that mem0 leaves open."],
  };
  page.append(
    make(
      "section",
      { class: `verdict ${demo.as_told ? "" : "inconclusive"}`, "aria-label": "Summary" },
      make("p", { class: "what" }, "Alice and Bob on real mem0"),
      make("h1", {}, "One dropped id, and Bob reads Alice's memory"),
      make(
        "p",
        { class: "bound" },
        "The tutorial's two users, with a real store and a real embedder: by hand, broken, attacked, and behind ScopedMemory.",
      ),
      demo.as_told
        ? null
        : make("p", { class: "warn" }, "This is not what the demonstration is there to show; please report it."),
      make("ul", { class: "strip wide", "aria-label": "The acts" }, demo.acts.map(summaryCard)),
    ),
  );
  for (const story of stories) {
    const [title, intro] = titles[story] ?? [story, ""];
    page.append(
      section(
        story,
        title,
        intro,
        storyTable(
          title,
          demo.acts.filter((act) => act.story === story),
        ),
      ),
    );
  }
  page.append(
    section(
      "repeat",
      "See it yourself",
      "It needs no key and sends nothing.",
      copyable("memfence demo", "the command of this demonstration"),
      make(
        "p",
        { class: "muted small" },
        Object.entries(demo.versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(", "),
      ),
    ),
  );
  byId("foot").append("Written by memfence. One self-contained file: it loads nothing and sends nothing.");
}

startDemo();
