// Texts of a drawing: as wide as the browser says, and in as many lines as there is room for.

// After these signs, and before a capital, a name or a call may go on in the next line.
const BREAKS = /(?<=[\s_:(=])|(?<=[a-z])(?=[A-Z])/;
const MOST_LETTERS = 400;
const LEADING = 15;
const ruler = make("canvas").getContext("2d");

function widthOf(text, font) {
  ruler.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  return ruler.measureText(text).width;
}

/** Returns the longest beginning of a text that fits, one letter at least. */
function beginning(text, room, font) {
  const letters = [...text];
  let fits = 1;
  while (fits < letters.length && widthOf(letters.slice(0, fits + 1).join(""), font) <= room) fits += 1;
  return letters.slice(0, fits).join("");
}

/** Returns a text in lines that fit; what the last one has no room for is an ellipsis. */
function inLines(text, room, font, most) {
  const lines = [""];
  for (let part of shortened(text, MOST_LETTERS).split(BREAKS)) {
    const last = lines.length - 1;
    if (widthOf(lines[last] + part.trimEnd(), font) <= room) {
      lines[last] += part;
      continue;
    }
    if (lines[last]) lines.push("");
    while (widthOf(part.trimEnd(), font) > room) {
      const fits = beginning(part, room, font);
      lines[lines.length - 1] = fits;
      lines.push("");
      part = part.slice(fits.length);
    }
    lines[lines.length - 1] = part;
  }
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most);
  const cut = `${kept[most - 1].trimEnd()}…`;
  kept[most - 1] = widthOf(cut, font) <= room ? cut : `${beginning(cut, room - widthOf("…", font), font)}…`;
  return kept;
}

/** Returns it in as few lines as there is room for, of much the same length. */
function balanced(text, room, font, most) {
  let lines = inLines(text, room, font, most);
  // No word is broken for it.
  const least = Math.max(...text.split(BREAKS).map((part) => widthOf(part.trimEnd(), font)));
  for (let less = room - 4; less > least; less -= 4) {
    const narrower = inLines(text, less, font, most + 1);
    if (narrower.length > lines.length) break;
    lines = narrower;
  }
  return lines;
}

/** Draws lines in the middle of `x`, moved so far that all of them are inside; `y` is that of the first. */
function lettered(lines, font, { x, y, width, ...attributes }) {
  const half = Math.max(...lines.map((line) => widthOf(line, font))) / 2 + 4;
  const middle = 2 * half > width ? width / 2 : Math.min(Math.max(x, half), width - half);
  return draw(
    "text",
    { x: middle, y, ...attributes },
    lines.map((line, place) => draw("tspan", { x: middle, y: y + place * LEADING }, line)),
  );
}
