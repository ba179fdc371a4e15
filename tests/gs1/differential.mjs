// Compares the gs1 module with BWIPP on random labels and links. See docs/GS1.md for how to run it.
//
//   node differential.mjs --dictionary FILE --verdicts BINARY [--cases N] [--seed S]
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { makeOracle, readDictionary } from './oracle.mjs';
import { elementString, label, link, random } from './cases.mjs';

const { values: args } = parseArgs({ options: {
  dictionary: { type: 'string' }, verdicts: { type: 'string' }, cases: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' },
} });
const dictionary = readDictionary(args.dictionary);
const byAi = new Map(dictionary.map((entry) => [entry.ai, entry]));
const oracle = makeOracle(dictionary);
console.log(`BWIPP ${oracle.version}; seed ${args.seed}; table differences: ${oracle.tableDifferences.join('; ') || 'none'}`);

const CHECK = /badChecksum|badAlphaCheck|badIBANchecksum|alphaToo|UnknownCSET32/;
const DATE = /badMonth|badDay|badHour|badMinute|badSecond|badDateLength|badTimeLength|DateBad|ExpireDateBefore/;
const LENGTH = /GS1valueToo/;

function errorClass(name) {
  if (CHECK.test(name)) return 'check';
  if (DATE.test(name)) return 'date';
  if (LENGTH.test(name)) return 'length';
  if (/unknownAI/.test(name)) return 'ai';
  if (/exclusive/.test(name)) return 'mutex';
  if (/repeated/.test(name)) return 'repeat';
  if (/^bwipp\.GS1dl/.test(name)) return 'link';
  return /^bwipp\./.test(name) ? 'content' : `crash ${name}`;
}

const OURS = { bad_check_digit: 'check', bad_date: 'date', ai_length: 'length', truncated: 'length', empty_value: 'length', trailing_data: 'length',
  unknown_ai: 'ai', ai_mutex: 'mutex', repeat_conflict: 'repeat', ai_charset: 'content', dl_bad_order: 'link', dl_bad_host_scheme: 'link', too_long: 'length' };

/// `ok`, `incomplete` or `err class name`, and the elements.
function theirs(kind, text) {
  try {
    const elements = oracle.run(kind, text, false).map((pair) => pair.join('=')).join('\x1d');
    try {
      oracle.run(kind, text, true);
      return { verdict: 'ok', elements };
    } catch (error) {
      if (/missingAIs/.test(error.message)) return { verdict: 'incomplete', elements };
      throw error;
    }
  } catch (error) {
    const name = String(error.message ?? error).split(/[#:]/)[0];
    return { verdict: 'err', class: errorClass(name), name, ai: /AI (\d+): /.exec(error.message)?.[1] };
  }
}

function ours(line) {
  const [verdict, first, second, third] = line.split(' ');
  const hex = verdict === 'ok' ? first : second;
  if (verdict === 'ok' || verdict === 'incomplete') return { verdict, elements: Buffer.from(hex ?? '', 'hex').toString() };
  if (verdict === 'none') return { verdict: 'err', class: 'link', name: 'none', linter: '-' };
  return { verdict: 'err', class: OURS[first] ?? first, name: first, linter: second, ai: third };
}

/// Why two answers may differ; each reason is explained in docs/GS1.md.
function explained(kind, text, a, b) {
  // When the other side accepts, the reason has to be visible in the value that it read.
  const read = b.elements?.split('\x1d').filter((one) => one.startsWith(`${a.ai}=`)).map((one) => one.slice(a.ai.length + 1)) ?? [];
  const refusedByBoth = a.verdict === 'err' && b.verdict === 'err';
  if (a.linter === 'gcppos1' && (refusedByBoth || read.some((one) => !/^\d{4}/.test(one)))) return 'a company prefix has four digits, BWIPP asks for two';
  if (a.linter === 'iban' && refusedByBoth) return 'an IBAN is refused for another of its faults';
  if (a.linter === 'iban' && read.some((one) => one.length <= 10)) return 'an IBAN has more than ten characters';
  if (refusedByBoth) {
    const at = new Set([a.class, b.class]);
    if (at.has('ai') && at.has('length')) return 'a value too long for its AI is read as an AI that is none';
    if (kind === 'L' && (at.has('link') || at.has('ai'))) return 'a link is refused for its form or for its values';
    if (a.ai === b.ai && b.class === 'length' && byAi.get(a.ai)?.fixed) return 'a value too long for its AI is read up to its predefined length';
    if (a.ai === b.ai && byAi.get(a.ai)?.parts.length > 1) return 'of several faulty parts BWIPP names the last, we the first';
  }
  if (kind === 'L' && b.name === 'bwipp.GS1dlInvalidDataAttribute' && /[?&]=/.test(text)) return 'a parameter without a name belongs to others';
  if (b.name === 'bwipp.GS1dlBadHexCharacter') return 'a percent sign that escapes nothing is itself';
  return null;
}

const child = spawn(args.verdicts, { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const r = random(+args.seed);
const counts = { cases: 0, ok: 0, incomplete: 0, refused: 0, unexplained: 0 }, reasons = new Map(), classes = new Map();

for (let left = +args.cases; left > 0; ) {
  const batch = [];
  for (; batch.length < 2000 && left > 0; left--) {
    if (r.chance(0.25)) {
      const text = link(r, dictionary, byAi);
      batch.push({ kind: 'L', text, oracleKind: 'dl', oracleText: text });
    } else {
      const elements = label(r, dictionary, byAi);
      if (elements.some(([, text]) => text.includes('('))) continue;
      const bracketed = elements.map(([ai, text]) => `(${ai})${text}`).join('');
      batch.push({ kind: 'E', text: elementString(r, elements, byAi), oracleKind: 'ai', oracleText: bracketed });
    }
  }
  child.stdin.write(batch.map(({ kind, text }) => `${kind} ${Buffer.from(text).toString('hex')}\n`).join(''));
  for (const one of batch) {
    const a = ours((await answers.next()).value), b = theirs(one.oracleKind, one.oracleText);
    counts.cases++;
    counts[a.verdict === 'err' ? 'refused' : a.verdict]++;
    if (a.verdict === 'err') classes.set(a.name, (classes.get(a.name) ?? 0) + 1);
    if (a.verdict === b.verdict && a.elements === b.elements && a.class === b.class) continue;
    const why = explained(one.kind, one.text, a, b);
    if (why) reasons.set(why, (reasons.get(why) ?? 0) + 1);
    else if (++counts.unexplained <= 20) console.log('UNEXPLAINED', JSON.stringify({ ...one, a, b }));
  }
}
child.stdin.end();
console.log(JSON.stringify(counts));
for (const [name, count] of [...classes].sort()) console.log(`  refused ${name}: ${count}`);
for (const [why, count] of [...reasons].sort()) console.log(`  explained, ${why}: ${count}`);
process.exitCode = counts.unexplained ? 1 : 0;
