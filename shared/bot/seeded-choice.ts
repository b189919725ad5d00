const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const UINT32 = 2 ** 32;

/**
 * Choices that look like chance and follow from the seed alone: a message that is decided on twice is answered in the
 * same words. FNV-1a and mulberry32; nothing for secrets.
 */
export function choicesOf(seed: string): (count: number) => number {
  let state = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(seed)) state = Math.imul(state ^ byte, FNV_PRIME);
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / UINT32) * count);
  };
}
