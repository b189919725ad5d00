const CODE_POINT_MAX = 0x10ffff;
const SURROGATES_BEFORE = 0xd7ff;
const SURROGATES_AFTER = 0xe000;

/**
 * The smallest string, in the order of UTF-8 bytes, that comes after every string with the prefix;
 * `undefined` when there is none. So a prefix is the range `prefix <= x < prefixEnd(prefix)`, which an index can serve.
 */
export function prefixEnd(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === CODE_POINT_MAX) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  points.push(last === SURROGATES_BEFORE ? SURROGATES_AFTER : last + 1);
  return String.fromCodePoint(...points);
}
