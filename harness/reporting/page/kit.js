// What every page is made of. Texts reach the page as text nodes only: a record may hold any markup.

const SVG = "http://www.w3.org/2000/svg";

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Makes an element; children are nodes, or strings that become text. */
const make = (tag, attributes = {}, ...children) => furnish(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) => furnish(document.createElementNS(SVG, tag), attributes, children);

const byId = (id) => document.getElementById(id);
const data = (id) => JSON.parse(byId(id).textContent);

const counted = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
/** Keeps a number and its sign of percent in one line. */
const together = (text) => text.replace(/(\d) %/g, "$1\u00a0%");
const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

// Control characters, and those that turn the direction of what follows, are shown, not obeyed.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu;
const visible = (text) =>
  String(text).replace(UNSEEN, (sign) => {
    const code = sign.codePointAt(0);
    return { 9: "\\t", 10: "\\n", 13: "\\r" }[code] ?? `\\u{${code.toString(16)}}`;
  });

const LONG = 600;

/** A stranger's text: isolated in its direction, and cut where it is very long until somebody asks for all of it. */
function foreignText(text, attributes = {}) {
  const whole = visible(text);
  const shown = make("bdi", { dir: "auto" }, shortened(whole, LONG));
  const box = make("span", { class: "said", ...attributes }, shown);
  if (whole.length > LONG) {
    const more = make(
      "button",
      { type: "button", class: "quiet small" },
      `show all ${counted(whole.length, "character")}`,
    );
    more.addEventListener("click", () => {
      shown.textContent = whole;
      more.remove();
    });
    box.append(" ", more);
  }
  return box;
}

const SHAPES = {
  violated: "M4 4 L12 12 M12 4 L4 12",
  held: "M3 8.5 L6.5 12 L13 4.5",
  inconclusive: "M5.5 6 A2.5 2.5 0 1 1 8 8.5 L8 10 M8 12.4 L8 12.6",
  refused: "M8 2.5 A5.5 5.5 0 1 0 8 13.5 A5.5 5.5 0 1 0 8 2.5 M4.2 4.2 L11.8 11.8",
  unseen: "M4 8 L12 8",
};

/** A sign beside the word, never in its place; `label` gives the word where none stands there. */
function sign(name, label = "") {
  const said = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return draw(
    "svg",
    { viewBox: "0 0 16 16", class: `sign ${name}`, ...said },
    draw("path", {
      d: SHAPES[name] ?? SHAPES.unseen,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }),
  );
}

const badge = (verdict, words = verdict) => make("span", { class: `badge ${verdict}` }, sign(verdict), words);

/** A line to copy, with the button that copies it. */
function copyable(text, label) {
  const button = make("button", { type: "button", class: "quiet small copy", "aria-label": `Copy ${label}` }, "Copy");
  button.addEventListener("click", async () => {
    button.textContent = (await copied(text)) ? "Copied" : "Select and copy";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  return make(
    "div",
    { class: "code" },
    make("pre", { tabindex: 0, role: "group", "aria-label": label }, make("code", {}, unbroken(visibleLines(text)))),
    button,
  );
}

/** A line that is too long goes on below; an option of a command stays in one piece. */
const unbroken = (text) =>
  text.split(/(?<=\s)(--[\w-]+)/).map((part, place) => (place % 2 ? make("span", { class: "option" }, part) : part));

const visibleLines = (text) => text.split("\n").map(visible).join("\n");

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages opened from a file have no clipboard of their own in some browsers.
    const area = make("textarea", { class: "away", "aria-hidden": "true" });
    area.value = text;
    // What stands outside of an open dialog cannot be selected.
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

const SHORT = {
  picture: "Picture",
  coverage: "Channels",
  detection: "Detection",
  limits: "Limits",
  repeat: "Repeat",
  matrix: "Matrix",
};

/** A part of the page, entered in its contents. */
function section(id, title, intro, ...children) {
  byId("contents").append(make("a", { href: `#${id}` }, SHORT[id] ?? title));
  return make(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    make("h2", { id: `${id}-title` }, title),
    intro && make("p", { class: "intro" }, intro),
    ...children,
  );
}

/** A name that may be broken after each underscore. */
const breakable = (name) =>
  visible(name)
    .split(/(?<=_)/)
    .flatMap((part, place) => (place ? [make("wbr"), part] : [part]));

/** What scrolls by itself on a narrow screen; there a line says so, and the edge fades while more is to come. */
function sideways(label, content) {
  const hint = make("p", { class: "swipe", "aria-hidden": "true", hidden: true }, "Scroll sideways for more →");
  const box = make("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": label }, content);
  const look = () => {
    const more = box.scrollWidth - box.clientWidth;
    hint.hidden = more < 2;
    box.classList.toggle("more", more - box.scrollLeft > 1);
  };
  box.addEventListener("scroll", look, { passive: true });
  const seen = new ResizeObserver(look);
  seen.observe(box);
  seen.observe(content);
  return make("div", { class: "sideways" }, hint, box);
}

/** A table; cells are nodes or strings. */
function table(caption, heads, rows, attributes = {}) {
  const head = heads.map((one) => make("th", { scope: "col", class: one.number ? "number" : null }, one.name ?? one));
  const cells = (row) =>
    row.map((cell, place) =>
      place
        ? make("td", { class: heads[place].number ? "number" : null }, cell)
        : make("th", { scope: "row", class: heads[0].number ? "number" : null }, typeof cell === "string" ? breakable(cell) : cell),
    );
  return sideways(
    caption,
    make(
      "table",
      attributes,
      make("caption", { class: "away" }, caption),
      make("thead", {}, make("tr", {}, head)),
      make(
        "tbody",
        {},
        rows.map((row) => make("tr", {}, cells(row))),
      ),
    ),
  );
}

function startTheme() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const button = byId("theme");
  const say = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Use ${isDark() ? "light" : "dark"} colours`);
    document.dispatchEvent(new Event("colours"));
  };
  try {
    root.dataset.theme = localStorage.getItem("memfence-theme") ?? "";
  } catch {
    // A page without storage starts as the system is.
  }
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("memfence-theme", root.dataset.theme);
    } catch {
      // As above.
    }
    say();
  });
  system.addEventListener("change", say);
  say();
}
