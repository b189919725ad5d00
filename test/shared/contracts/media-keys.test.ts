import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPIRING_MEDIA_PREFIXES, mediaKeys } from '#shared/contracts/media-keys.ts';
import { checkBlobKey } from '#shared/storage/blobs.ts';

const id = fc.stringMatching(/^[0-9A-Za-z_-]{1,80}$/);
const expires = (key: string) => EXPIRING_MEDIA_PREFIXES.some((prefix) => key.startsWith(prefix));

describe('the keys of media', () => {
  it('are keys of blobs, and no two things share one', () => {
    fc.assert(
      fc.property(id, id, id, id, (owner, name, otherOwner, otherName) => {
        const keysOf = (a: string, b: string) => [
          mediaKeys.sent(a, b),
          mediaKeys.inbound(a, b),
          mediaKeys.attachment(a, b),
        ];
        const keys = keysOf(owner, name);
        for (const key of keys) expect(() => checkBlobKey(key)).not.toThrow();
        const isSame = owner === otherOwner && name === otherName;
        const all = new Set([...keys, ...keysOf(otherOwner, otherName)]);
        expect(all.size).toBe(isSame ? 3 : 6);
      }),
    );
  });

  it('let what was sent and what came expire, and keep what a customer uploaded', () => {
    expect(expires(mediaKeys.sent('i', 'm'))).toBe(true);
    expect(expires(mediaKeys.inbound('i', 'm'))).toBe(true);
    expect(expires(mediaKeys.attachment('a', 'b'))).toBe(false);
  });
});
