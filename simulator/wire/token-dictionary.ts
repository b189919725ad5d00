import tokens from './tokens.json' with { type: 'json' };

// tokens.json holds the public facts of the wire format: the one-byte tokens by index, and the
// four dictionaries of two-byte tokens, as listed in Baileys' WABinary/constants.js (version 3).

/** The bytes that open a value which is not a one-byte token. */
export const TAG = {
  listEmpty: 0,
  dictionary0: 236,
  dictionary3: 239,
  interopJid: 245,
  facebookJid: 246,
  deviceJid: 247,
  list8: 248,
  list16: 249,
  jidPair: 250,
  hex8: 251,
  binary8: 252,
  binary20: 253,
  binary32: 254,
  nibble8: 255,
} as const;

/** A packed string has one length byte of which the top bit means "odd". */
export const PACKED_CHARS_MAX = 127;

const singleTokens: readonly string[] = tokens.single;
const doubleTokens: readonly (readonly string[])[] = tokens.double;

const tokenBytes = new Map<string, readonly number[]>();
for (const [index, token] of singleTokens.entries()) {
  if (index > 0) tokenBytes.set(token, [index]);
}
for (const [dictionary, words] of doubleTokens.entries()) {
  for (const [index, token] of words.entries()) {
    tokenBytes.set(token, [TAG.dictionary0 + dictionary, index]);
  }
}

/** The one or two bytes of a token; undefined when the text is none. */
export function bytesOfToken(text: string): readonly number[] | undefined {
  return tokenBytes.get(text);
}

/** The token of a single byte; index 0 is the empty list and no token. */
export function singleToken(index: number): string | undefined {
  return index === TAG.listEmpty ? undefined : singleTokens[index];
}

export function doubleToken(dictionary: number, index: number): string | undefined {
  return doubleTokens[dictionary]?.[index];
}
