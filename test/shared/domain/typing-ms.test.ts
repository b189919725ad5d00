import fc from 'fast-check';
import { expect, it } from 'vitest';
import { typingMs } from '#shared/domain/typing-ms.ts';

it('takes as long as writing does, up to three seconds, and a pause', () => {
  expect(typingMs('', 0)).toBe(300);
  expect(typingMs('ten chars!', 0)).toBe(700);
  expect(typingMs('👋', 0)).toBe(340);
  expect(typingMs('x'.repeat(75), 0.5)).toBe(3_900);
  expect(typingMs('x'.repeat(10_000), 0)).toBe(3_300);
});

it('is never shorter for a longer text, nor longer than four and a half seconds', () => {
  const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.string(), fc.string(), jitter, (text, more, chance) => {
      const delayMs = typingMs(text, chance);
      expect(typingMs(text + more, chance)).toBeGreaterThanOrEqual(delayMs);
      expect(delayMs).toBeGreaterThanOrEqual(300);
      expect(delayMs).toBeLessThanOrEqual(4_500);
    }),
  );
});
