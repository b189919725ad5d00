import { describe, expect, it } from 'vitest';
import { KeyRefused, type KeyWrap } from '#shared/storage/key-wrap.ts';
import { opened } from './opened.ts';

export type OpenKeyWrap = () => Promise<{
  readonly keyWrap: KeyWrap;
  /** The same home, in another process. */
  readonly again: KeyWrap;
  /** A home that has another key. */
  readonly stranger: KeyWrap;
  close(): Promise<void>;
}>;

const MINE = { instanceId: 'mine' };

/** What every home's `KeyWrap` does. */
export function keyWrapContract(name: string, open: OpenKeyWrap): void {
  describe(name, () => {
    const home = opened(open);

    it('makes keys for AES-256, each another one', async () => {
      const [one, two] = [await home().keyWrap.generate(MINE), await home().keyWrap.generate(MINE)];
      expect([one?.key.byteLength, two?.key.byteLength]).toEqual([32, 32]);
      expect(Buffer.from(one.key).equals(two.key)).toBe(false);
      expect(Buffer.from(one.wrapped).equals(two.wrapped)).toBe(false);
    });

    it('gives a key back to the same home, in another process too', async () => {
      const { key, wrapped } = await home().keyWrap.generate(MINE);
      for (const keyWrap of [home().keyWrap, home().again]) {
        expect(Buffer.from(await keyWrap.unwrap(wrapped, MINE)).equals(key)).toBe(true);
      }
    });

    it('stores no key in the clear', async () => {
      const { key, wrapped } = await home().keyWrap.generate(MINE);
      expect(Buffer.from(wrapped).includes(Buffer.from(key))).toBe(false);
    });

    it('gives no key to another instance', async () => {
      const { wrapped } = await home().keyWrap.generate(MINE);
      const theirs = home().keyWrap.unwrap(wrapped, { instanceId: 'theirs' });
      await expect(theirs).rejects.toThrow(KeyRefused);
    });

    it('gives no key to a home with another key', async () => {
      const { wrapped } = await home().keyWrap.generate(MINE);
      await expect(home().stranger.unwrap(wrapped, MINE)).rejects.toThrow(KeyRefused);
    });

    it('refuses what was changed, cut off, or never a key', async () => {
      const { wrapped } = await home().keyWrap.generate(MINE);
      const changed = Uint8Array.from(wrapped);
      changed[changed.length - 20] = (changed[changed.length - 20] ?? 0) ^ 1;
      for (const bytes of [changed, wrapped.subarray(0, 30), Buffer.from('no key at all')]) {
        await expect(home().keyWrap.unwrap(bytes, MINE)).rejects.toThrow(KeyRefused);
      }
    });
  });
}
