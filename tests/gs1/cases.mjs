// Random cases: mostly valid labels, then broken in the ways labels break.

export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  return { next, below, pick, chance: (p) => next() < p };
}

const SETS = {
  N: '0123456789',
  X: '!"%&\')*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz', // but for the bracket
  Y: '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Z: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
};
const WEIGHTS = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const CSET32 = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export function checkDigit(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += (i % 2 ? 1 : 3) * +digits[digits.length - 1 - i];
  return String((10 - (sum % 10)) % 10);
}

function checkPair(body) {
  const primes = [];
  for (let n = 2; primes.length < body.length; n++) if (primes.every((p) => n % p)) primes.push(n);
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += WEIGHTS.indexOf(body[body.length - 1 - i]) * primes[i];
  sum %= 1021;
  return CSET32[sum >> 5] + CSET32[sum & 31];
}

function iban(r, country, body) {
  const digits = [...(body + country + '00')].map((c) => parseInt(c, 36)).join('');
  let rest = 0;
  for (const d of digits) rest = (rest * 10 + +d) % 97;
  return country + String(98 - rest).padStart(2, '0') + body;
}

const two = (n) => String(n).padStart(2, '0');
const date = (r) => two(r.below(100)) + two(r.pick([0, 1, 2, 2, 2, 4, 6, 11, 12, 12, 13])) + two(r.pick([0, 1, 15, 28, 29, 30, 31, 32]));

function digits(r, n) {
  let out = '';
  while (out.length < n) out += r.below(10);
  return out;
}

function coupon(r) {
  const counted = (lo, hi, more) => { const n = lo + r.below(hi - lo + 1); return n + digits(r, n + more); };
  const purchase = () => counted(1, 5, 0) + r.pick(['0', '1', '2', '3', '4', '9', '5']) + digits(r, 3);
  const company = () => (r.chance(0.3) ? '9' : counted(0, 6, 6));
  let out = counted(0, 6, 6) + digits(r, 6) + counted(1, 5, 0) + purchase();
  if (r.chance(0.4)) out += '1' + r.below(5) + purchase() + company();
  if (r.chance(0.4)) out += '2' + purchase() + company();
  if (r.chance(0.4)) out += '3' + date(r);
  if (r.chance(0.4)) out += '4' + date(r);
  if (r.chance(0.4)) out += '5' + counted(0, 9, 6);
  if (r.chance(0.4)) out += '6' + counted(1, 7, 6);
  if (r.chance(0.4)) out += '9' + r.below(8) + r.below(4) + r.below(10) + r.below(3);
  return out;
}

function offer(r) {
  const counted = (hi) => { const n = r.below(hi + 1); return n + digits(r, n + 6); };
  return r.below(3) + counted(7) + digits(r, 6) + counted(9);
}

const SPECIAL = {
  yymmd0: date, yymmdd: date, yyyymmdd: (r) => r.pick(['19', '20', '21']) + date(r), hh: (r) => two(r.below(27)),
  mi: (r) => two(r.below(63)), ss: (r) => two(r.below(63)), hhmi: (r) => two(r.below(26)) + two(r.below(62)),
  iso3166: (r) => r.pick(['276', '356', '840', '004', '894', digits(r, 3)]),
  iso3166999: (r) => r.pick(['276', '999', digits(r, 3)]),
  iso3166alpha2: (r) => r.pick(['DE', 'IN', 'ZW', 'AD', r.pick(SETS.Y) + r.pick(SETS.Y)]),
  iso4217: (r) => r.pick(['978', '356', '999', '008', digits(r, 3)]), iso5218: (r) => digits(r, 1),
  yesno: (r) => String(r.below(3)), winding: (r) => digits(r, 1), zero: (r) => (r.chance(0.9) ? '0' : '1'), hyphen: (r) => r.pick(['-', '-', '+']),
  latitude: (r) => r.pick(['0', '1']) + r.pick(['79', '80']) + r.pick(['0000000', digits(r, 7)]),
  longitude: (r) => r.pick(['2', '3']) + r.pick(['59', '60']) + r.pick(['0000000', digits(r, 7)]),
  mediatype: (r) => digits(r, 2), packagetype: (r) => r.pick(['8', '9', 'BX', '1A', 'WRP', '201', 'AB', 'ZZ', 'XX', 'BOX']),
  pieceoftotal: (r) => two(r.below(4)) + two(r.below(4)), posinseqslash: (r) => `${r.below(5)}/${r.below(5)}`,
  couponcode: coupon, couponposoffer: offer,
};

function part(r, spec, length) {
  for (const name of spec.linters) if (SPECIAL[name]) return SPECIAL[name](r);
  let out = '';
  if (spec.linters.some((name) => name.startsWith('gcppos'))) out += digits(r, r.pick([2, 3, 4, 7, 9, 9]));
  if (spec.linters.includes('iban')) {
    const country = r.pick(['DE', 'FR', 'GB', 'XX']);
    let body = '';
    while (body.length < length - 4) body += r.pick('0123456789ABCXYZ'.split(''));
    return iban(r, country, body);
  }
  if (spec.linters.includes('nonzero') && r.chance(0.2)) return '0'.repeat(length);
  while (out.length < length) out += spec.linters.includes('pcenc') && r.chance(0.2) ? r.pick(['%20', '%', '%e9', '%4']) : r.pick(SETS[spec.cset]);
  out = out.slice(0, length);
  if (spec.linters.includes('csum')) out = out.slice(0, -1) + checkDigit(out.slice(0, -1));
  if (spec.linters.includes('csumalpha') && length > 2) out = out.slice(0, -2) + checkPair(out.slice(0, -2));
  if (spec.cset === 'Z' && r.chance(0.3) && length > 2) out = out.slice(0, -1) + '='.repeat(1 + r.below(2));
  return out;
}

export function value(r, entry) {
  let out = '';
  for (const spec of entry.parts) {
    if (spec.opt && r.chance(0.4)) break;
    const length = r.chance(0.15) ? spec.min : r.chance(0.15) ? spec.max : spec.min + r.below(spec.max - spec.min + 1);
    out += part(r, spec, length);
  }
  return out;
}

/// A value broken in one way, or not at all. Neither brackets nor separators come in.
function broken(r, text) {
  const at = r.below(text.length || 1);
  switch (r.below(6)) {
    case 0: return text.slice(0, at) + text.slice(at + 1);
    case 1: return text.slice(0, at) + r.pick(WEIGHTS.replace('(', '') + ' #~^|{}').toString() + text.slice(at + 1);
    case 2: return text + r.below(10);
    case 3: return text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2);
    case 4: return text.slice(0, at) + r.below(10) + text.slice(at + 1);
    default: return r.chance(0.1) ? '' : text.slice(0, -1);
  }
}

const expand = (r, pattern, dictionary) => {
  if (!pattern.endsWith('n')) return pattern;
  const head = pattern.replace(/n+$/, '');
  return r.pick(dictionary.filter((entry) => entry.ai.length === 4 && entry.ai.startsWith(head))).ai;
};

/// A list of [ai, value].
export function label(r, dictionary, byAi) {
  const ais = [];
  const add = (ai, depth) => {
    if (ais.length > 8) return;
    if (!ais.includes(ai) || r.chance(0.2)) ais.push(ai);
    const entry = byAi.get(ai);
    if (depth < 3 && r.chance(0.9)) for (const req of entry.req) for (const other of r.pick(req)) add(expand(r, other, dictionary), depth + 1);
    if (r.chance(0.03) && entry.ex.length) add(expand(r, r.pick(entry.ex), dictionary), depth + 1);
  };
  for (let n = 1 + r.below(3); n > 0; n--) add(r.pick(dictionary).ai, 0);
  const values = new Map();
  const elements = ais.map((ai) => {
    if (!values.has(ai) || r.chance(0.1)) values.set(ai, value(r, byAi.get(ai)));
    return [ai, values.get(ai)];
  });
  for (let i = elements.length - 1; i > 0; i--) {
    const j = r.below(i + 1);
    [elements[i], elements[j]] = [elements[j], elements[i]];
  }
  if (r.chance(0.35)) {
    const victim = r.pick(elements);
    victim[1] = broken(r, victim[1]);
  }
  // An AI that is none, and that does not begin with one: `9308` would be read as AI 93.
  const bogus = digits(r, 2 + r.below(3));
  if (r.chance(0.01) && ![2, 3, 4].some((n) => byAi.has(bogus.slice(0, n)))) elements.push([bogus, '1']);
  return elements;
}

/// The element string of a label: GS where the dictionary asks for one, sometimes where it does not, and behind every
/// value whose length is not that of its AI, so that both sides read the same elements.
export function elementString(r, elements, byAi) {
  return elements.map(([ai, text], index) => {
    const entry = byAi.get(ai);
    const length = entry ? entry.parts.reduce((sum, spec) => sum + spec.max, 0) : 0;
    const needed = !entry || !entry.fixed || text.length !== length;
    const last = index === elements.length - 1;
    return ai + text + ((needed && !last) || r.chance(0.05) ? '\x1d' : '');
  }).join('');
}

const encode = (r, text) => [...text].map((c) =>
  /[A-Za-z0-9._~-]/.test(c) ? (r.chance(0.02) ? '%' + c.charCodeAt(0).toString(16) : c)
    : '%' + c.charCodeAt(0).toString(16).padStart(2, '0')[r.chance(0.5) ? 'toUpperCase' : 'toString']()).join('');

/// The address of a random key with qualifiers, attributes and strangers.
export function link(r, dictionary, byAi) {
  const keys = dictionary.filter((entry) => entry.key);
  const key = r.chance(0.4) ? byAi.get('01') : r.pick(keys);
  const pair = (ai) => {
    let text = value(r, byAi.get(ai));
    if (r.chance(0.08)) text = broken(r, text);
    return text;
  };
  let gtin = pair(key.ai);
  if (key.ai === '01' && r.chance(0.1)) gtin = gtin.replace(/^0+/, '');
  let path = `/${key.ai}/${encode(r, gtin)}`;
  const sequence = r.chance(0.85) ? (key.key.length ? r.pick(key.key).filter(() => r.chance(0.6)) : []) : [r.pick(dictionary).ai];
  if (r.chance(0.05)) sequence.reverse();
  for (const ai of sequence) path += `/${ai}/${encode(r, pair(ai))}`;
  const query = [];
  for (let n = r.below(4); n > 0; n--) {
    const entry = r.pick(dictionary);
    if (entry.attribute || r.chance(0.05)) query.push(`${entry.ai}=${encode(r, pair(entry.ai))}`);
  }
  if (r.chance(0.2)) query.splice(r.below(query.length + 1), 0, r.pick(['utm=1', 'x', '17', 'a=b=c', '', '=1', '4x=1']));
  if (r.chance(0.02)) query.push(`${digits(r, 1 + r.below(5))}=1`);
  const stem = r.pick(['https://id.gs1.org', 'http://example.com', 'HTTPS://EXAMPLE.COM/a', 'https://a.b:80/some/01/path', 'https://[::1]/00/x/y']);
  return stem + path + (query.length ? `?${query.join('&')}` : r.chance(0.1) ? '?' : '') + (r.chance(0.1) ? '#17=1' : '');
}
