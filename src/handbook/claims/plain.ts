/**
 * Prose as a reader sees it: emphasis, code spans, entities, and the many blanks and digits of Unicode made plain.
 * Every character keeps its place, so that what is found can be pointed at.
 */

const blanks = /[\u00a0\u2000-\u200b\u202f\u205f\u3000]/g;
const hyphens = /[\u2010\u2011\u2212]/g;
const fullWidth = /[\uff01-\uff5e]/g;

const entities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    nbsp: ' ',
    rarr: '→',
    rArr: '⇒',
    gt: '>',
    lt: '<',
    ndash: '–',
    mdash: '—',
    lowbar: '_',
    colon: ':',
  }),
);

export function plainText(text: string): string {
  return text
    .replace(blanks, ' ')
    .replace(hyphens, '-')
    .replace(fullWidth, (unit) => String.fromCharCode(unit.charCodeAt(0) - 0xfee0))
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hexadecimal, name) => {
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      const unit = name === undefined ? characterOf(code) : (entities.get(name) ?? whole);
      return unit.length > whole.length ? whole : unit.padEnd(whole.length);
    })
    .replace(/[`*~]/g, ' ')
    .replace(/(?<![A-Za-z0-9\\])_|_(?![A-Za-z0-9])/g, ' ');
}

function characterOf(code: number): string {
  return code > 0 && code <= 0xffff ? String.fromCharCode(code) : ' ';
}
