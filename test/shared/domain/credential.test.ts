import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCredential, looksLike, parseCredential } from '#shared/domain/credential.ts';

const id = fc.stringMatching(/^[0-9a-f]{24}$/);
const credential = fc.record({
  kind: fc.constantFrom('refresh_token' as const, 'api_key' as const),
  accountId: id,
  id,
  secret: fc.stringMatching(/^[\w-]{43}$/),
});

describe('a credential', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(credential, (written) => {
        expect(parseCredential(written.kind, formatCredential(written))).toEqual(written);
      }),
    );
  });

  it('is nothing of the other kind', () => {
    fc.assert(
      fc.property(credential, (written) => {
        const other = written.kind === 'api_key' ? 'refresh_token' : 'api_key';
        const text = formatCredential(written);
        expect(looksLike(other, text)).toBe(false);
        expect(parseCredential(other, text)).toBeUndefined();
      }),
    );
  });

  it('is nothing when a character is missing, too many or another', () => {
    fc.assert(
      fc.property(credential, (written) => {
        const text = formatCredential(written);
        const wrong = [text.slice(0, -1), `${text}x`, text.toUpperCase(), ` ${text}`, `${text}\n`];
        for (const changed of wrong) {
          expect(parseCredential(written.kind, changed)).toBeUndefined();
        }
      }),
    );
  });
});
