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
  const starts = new Uint32Array(size + 1);
  const rows = Object.entries(seen.pairs)
    .filter(([channel]) => !only || channel === only)
    .flatMap(([, byState]) => Object.entries(byState).map(([state, their]) => [STATES.indexOf(state), their]));
  let owners = new Uint32Array(1024);
  let states = new Uint8Array(1024);
  let total = 0;
  const worst = new Uint8Array(size);
  const row = new Uint32Array(size);
  for (let observer = 0; observer < size; observer += 1) {
    let length = 0;
    let kind = 0;
    const take = (owner) => {
      if (!worst[owner]) row[length++] = owner;
      if (kind > worst[owner]) worst[owner] = kind;
    };
    let parts = 0;
    for (const [state, their] of rows)
      if (their[observer]) {
        kind = state;
        parts += 1;
        eachOwner(their[observer], take);
      }
    const sorted = row.subarray(0, length);
    if (parts > 1) sorted.sort();
    if (total + length > owners.length) {
      const room = 2 * (total + length);
      owners = grown(owners, room);
      states = grown(states, room);
    }
    starts[observer] = total;
    for (const owner of sorted) {
      owners[total] = owner;
      states[total++] = worst[owner];
      worst[owner] = 0;
    }
  }
  starts[size] = total;
  return { seen, only, size, starts, owners: owners.subarray(0, total), states: states.subarray(0, total) };
}

function grown(array, room) {
  const larger = new array.constructor(room);
  larger.set(array);
  return larger;
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
    for (const [state, rows] of Object.entries(byState))
      eachOwner(rows[observer], (one) => one === owner && (found[channel] = state));
  return found;
}

/** Returns how many pairs there are in each state. */
function countStates(pairs) {
  const counts = [0, 0, 0, 0];
  for (const state of pairs.states) counts[state] += 1;
  return counts;
}
