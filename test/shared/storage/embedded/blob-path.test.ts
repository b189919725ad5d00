import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseName, toFolderParts, toPathParts } from '#shared/storage/embedded/blob-path.ts';

const segment = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 80 })
  .filter((text) => !text.includes('/') && text.isWellFormed() && Buffer.byteLength(text) <= 80);

describe('the names of blobs in a folder', () => {
  it('are safe on any file system, and are read back', () => {
    fc.assert(
      fc.property(segment, (text) => {
        const [blob = ''] = toPathParts(text);
        const [folder = ''] = toFolderParts([text]);
        for (const name of [blob, folder]) {
          expect(name).toMatch(/^[a-z0-9._+%-]+,[bd]$/);
          expect(name.length).toBeLessThanOrEqual(255);
        }
        expect(parseName(blob)).toEqual({ kind: 'blob', segment: text });
        expect(parseName(folder)).toEqual({ kind: 'folder', segment: text });
      }),
    );
  });

  it('show plain keys as they are', () => {
    expect(toPathParts('auth/7Bc/j/000000000001')).toEqual([
      'auth,d',
      '7+bc,d',
      'j,d',
      '000000000001,b',
    ]);
    expect(toPathParts('../con')).toEqual(['..,d', 'con,b']);
  });

  it.each(['photo.jpg', ',b', 'A,b', 'a', 'a,c', '%zz,b', '.DS_Store'])(
    'are not found in %s',
    (name) => {
      expect(parseName(name)).toBeUndefined();
    },
  );
});
