// Who saw whose facts, unpacked: for each observer the owners in order, the gravest state, and the channels by state.

const STATES = ["", "probed", "answered", "violated"];
const VIOLATED = 3;

/** The sightings travel deflated, for there may be millions of pairs. */
async function unpackSightings() {
  const packed = Uint8Array.from(atob(byId("sightings").textContent.trim()), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

/** Calls `each` with every owner in a row such as "0 3-5". */
function eachOwner(row, each) {
  let first = -1;
  let number = -1;
  for (let at = 0; at <= row.length; at += 1) {
    const code = at < row.length ? row.charCodeAt(at) : 32;
    if (code >= 48) number = (number < 0 ? 0 : number * 10) + code - 48;
    else if (code === 45) [first, number] = [number, -1];
    else if (number >= 0) {
      for (let owner = first < 0 ? number : first; owner <= number; owner += 1) each(owner);
      first = number = -1;
    }
  }
}

/**
 * Returns the pairs of one scenario, on one channel or on all: `starts[i]` to `starts[i + 1]` are observer i's places in
 * `owners` and `states`.
 */
function pairsOf(seen, only = "") {
  const size = seen.tenants.length;
  const state = new Uint8Array(size);
  const starts = new Uint32Array(size + 1);
  const chunks = [];
  let total = 0;
  const kinds = Object.entries(seen.pairs).filter(([channel]) => !only || channel === only);
  for (let observer = 0; observer < size; observer += 1) {
    const touched = [];
    for (const [, byState] of kinds)
      for (let kind = 1; kind < STATES.length; kind += 1)
        if (byState[STATES[kind]])
          eachOwner(byState[STATES[kind]][observer], (owner) => {
            if (!state[owner]) touched.push(owner);
            state[owner] = Math.max(state[owner], kind);
          });
    touched.sort((a, b) => a - b);
    starts[observer] = total;
    total += touched.length;
    chunks.push([Uint32Array.from(touched), Uint8Array.from(touched, (owner) => state[owner])]);
    for (const owner of touched) state[owner] = 0;
  }
  starts[size] = total;
  const owners = new Uint32Array(total);
  const states = new Uint8Array(total);
  chunks.forEach(([some, their], observer) => {
    owners.set(some, starts[observer]);
    states.set(their, starts[observer]);
  });
  return { seen, only, size, starts, owners, states };
}

/** Returns the state of one pair, 0 where nobody probed. */
function stateOf(pairs, observer, owner) {
  let [low, high] = [pairs.starts[observer], pairs.starts[observer + 1]];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs.owners[middle] < owner) low = middle + 1;
    else high = middle;
  }
  return low < pairs.starts[observer + 1] && pairs.owners[low] === owner ? pairs.states[low] : 0;
}

/** Returns by which channels a pair came to what: `{ search: "violated" }`. */
function channelsOf(pairs, observer, owner) {
  const found = {};
  for (const [channel, byState] of Object.entries(pairs.seen.pairs))
    for (const [state, rows] of Object.entries(byState)) eachOwner(rows[observer], (one) => one === owner && (found[channel] = state));
  return found;
}

/** Returns how many pairs there are in each state. */
function countStates(pairs) {
  const counts = [0, 0, 0, 0];
  for (const state of pairs.states) counts[state] += 1;
  return counts;
}
