// BWIPP's GS1 checks (the `gs1process` routine inside bwip-js) as a function of text.
//
// bwip-js exports barcodes only, so its source is loaded with an export more. The AI table is replaced by the one of
// the dictionary that is compared with: the algorithms are compared, on equal data; table differences are listed.
import fs from 'node:fs';
import path from 'node:path';
import Module, { createRequire } from 'node:module';

const EXPORT = `
;module.exports.gs1 = {
  globals: () => bwipp_gs1process.globals,
  array: $a,
  run(kind, text, lintreqs) {
    $k.length = 0; $j = 0;
    const saved = $_;
    $_ = Object.assign({}, $_, { parse: false, dontlint: false, lintreqs });
    try {
      $k[$j++] = text; $k[$j++] = kind;
      bwipp_gs1process();
      $j--;
      const values = $k[--$j], ais = $k[--$j], list = [];
      for (let i = 0; i < ais.length; i++) list.push([$z($get(ais, i)), $z($get(values, i))]);
      return list;
    } finally { $_ = saved; }
  },
};`;

function load() {
  const file = createRequire(import.meta.url).resolve('bwip-js');
  const module = new Module(file, null);
  module.filename = file;
  module.paths = Module._nodeModulePaths(path.dirname(file));
  module._compile(fs.readFileSync(file, 'utf8') + EXPORT, file);
  return module.exports;
}

/// The dictionary as a list of `{ ai, parts, ex, req, key, fixed, attribute }`, ranges expanded.
export function readDictionary(file) {
  const entries = [];
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue;
    const words = line.split('#')[0].trim().split(/\s+/);
    const [first, last = first] = words.shift().split('-');
    const flags = /^\[?[NXYZ]/.test(words[0]) ? '' : words.shift();
    const parts = [], ex = [], req = [];
    let key = null;
    for (const word of words) {
      const m = /^(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,[a-z0-9]+)*)$/.exec(word);
      if (m) parts.push({ cset: m[2], min: m[3] ? 1 : +m[4], max: +m[4], opt: m[1] === '[', linters: m[5].split(',').slice(1) });
      else if (word.startsWith('ex=')) ex.push(...word.slice(3).split(','));
      else if (word.startsWith('req=')) req.push(word.slice(4).split(',').map((group) => group.split('+')));
      else if (word === 'dlpkey') key = [];
      else if (word.startsWith('dlpkey=')) key = word.slice(7).split('|').map((seq) => seq.split(','));
      else throw new Error(`dictionary: ${word}`);
    }
    for (let n = +first; n <= +last; n++)
      entries.push({ ai: String(n).padStart(first.length, '0'), parts, ex, req, key, fixed: flags.includes('*'), attribute: flags.includes('?') });
  }
  return entries;
}

/// `{ run, version, tableDifferences }`; `run` gives the elements or throws BWIPP's error.
export function makeOracle(dictionary) {
  const bwip = load();
  const { globals, array, run } = bwip.gs1;
  try { run('ai', '(99)A', false); } catch { /* the first call makes the globals */ }
  const deep = (value) => (Array.isArray(value) ? array(value.map(deep)) : value);
  const table = globals().gs1syntax;
  const plain = (value) => JSON.stringify(value, (_, v) =>
    v instanceof Map ? Object.fromEntries([...v.entries()].sort()) : v && v.b && typeof v.o === 'number' ? Array.from(v.b).slice(v.o, v.o + v.length) : v);
  const fresh = new Map(), tableDifferences = [];
  for (const entry of dictionary) {
    const map = new Map([['parts', array(entry.parts.map((part) => new Map([
      ['cset', part.cset], ['min', part.min], ['max', part.max], ['opt', part.opt],
      ['linters', array(part.linters.map((name) => `lint${name}`))],
    ])))]]);
    if (entry.ex.length) map.set('ex', deep(entry.ex));
    if (entry.req.length) map.set('req', deep(entry.req));
    if (entry.key) map.set('dlpkey', deep(entry.key));
    if (!entry.attribute) map.set('dlattr', false);
    if (!table.has(entry.ai)) tableDifferences.push(`${entry.ai} is not in its table`);
    else if (plain(table.get(entry.ai)) !== plain(map)) tableDifferences.push(`${entry.ai} differs`);
    fresh.set(entry.ai, map);
  }
  for (const ai of table.keys()) if (!fresh.has(ai)) tableDifferences.push(`${ai} is only in its table`);
  globals().gs1syntax = fresh;
  return { run, version: bwip.BWIPP_VERSION, tableDifferences };
}
