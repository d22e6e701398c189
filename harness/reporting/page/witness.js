// A cell of a matrix, and the dialog with its witness: the scenario, the calls that show it and the command.

const survey = data("survey");
const UNTRIED = "-";
const TONES = {
  leaked: "violated",
  destroyed: "violated",
  lost: "violated",
  interfered: "violated",
  contained: "inconclusive",
  residue: "inconclusive",
  crashed: "open",
  inconclusive: "open",
  refused: "refused",
  held: "held",
};

const tone = (cell) => TONES[cell.words[0]] ?? "unseen";

/** By its address, what a cell's dialog tells. */
const told = new Map();

const place = (row) =>
  [row.store, row.embedder, row.wrapper, row.own_environment ? row.mem0 : ""].filter(Boolean).join("-");
const words = (cell) => cell.words.map((word) => make("span", {}, visible(word)));

function shown(row, kind, name) {
  const cell = row[kind][name];
  if (!cell || cell.words[0] === UNTRIED)
    return make("td", { class: "unseen" }, make("span", { class: "away" }, "not exercised"), dash());
  if (cell.witness === null) return make("td", { class: tone(cell) }, words(cell));
  const id = visible(`${kind === "channels" ? "channel" : "attack"}-${place(row)}-${name}`);
  told.set(id, { row, kind, name, cell });
  const label = `${name}, ${where(row)}: ${cell.words.join(", ")}; show the witness`;
  const link = {
    id,
    type: "button",
    "aria-haspopup": "dialog",
    "aria-label": visible(label),
    onclick: () => reveal(id),
  };
  return make("td", { class: tone(cell) }, make("button", link, words(cell)));
}

const dash = () => make("span", { "aria-hidden": "true" }, "–");
const where = (row) => `${row.store}, ${row.embedder} embedder, ${row.wrapper}${row.mem0 ? `, mem0 ${row.mem0}` : ""}`;

const dialog = make("dialog", { class: "witness", "aria-labelledby": "witness-title" });

/** Opens the witness of a cell, and puts its address where it can be copied. */
function reveal(id) {
  const { row, kind, name, cell } = told.get(id);
  const { scenario, reproduce, repeat } = survey.witnesses[cell.witness];
  const meanings = cell.words.map((word) => [
    make("dt", {}, visible(word)),
    make("dd", {}, visible(survey.legend[word] ?? "")),
  ]);
  dialog.replaceChildren(
    make(
      "header",
      {},
      make(
        "h2",
        { id: "witness-title" },
        make("span", { class: "muted" }, visible(name)),
        " ",
        badge(tone(cell), visible(cell.words.join(", "))),
      ),
      make("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"),
    ),
    make("p", { class: "muted" }, visible(where(row))),
    make("dl", { class: "reasons" }, meanings),
    make("h3", {}, kind === "channels" ? "Seen in the scenario " : "The scenario ", visible(scenario)),
    survey.summaries[scenario] ? make("p", {}, foreignText(survey.summaries[scenario])) : null,
    make("h3", {}, cell.words.length > 1 ? `Calls that show it (${visible(cell.words[0])})` : "Calls that show it"),
    copyable(reproduce.join("\n"), "the calls"),
    make("h3", {}, "Audit that finds it again"),
    copyable(repeat, "the command"),
    make("p", { class: "permalink" }, make("a", { href: `#${encodeURIComponent(id)}` }, "Link to this cell")),
  );
  dialog.dataset.cell = id;
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  address(`#${encodeURIComponent(id)}`);
}

function address(hash) {
  try {
    history.replaceState(null, "", hash || location.pathname + location.search);
  } catch {
    // Some browsers let no page that is a file change its address; the link in the dialog is there.
  }
}

/** Opens the witness that the address names. */
function openLinked() {
  let id = location.hash.slice(1);
  try {
    id = decodeURIComponent(id);
  } catch {
    // An address that is no text names nothing.
  }
  if (!told.has(id)) return dialog.close();
  byId(id).scrollIntoView({ block: "center", inline: "center" });
  byId(id).focus();
  reveal(id);
}
