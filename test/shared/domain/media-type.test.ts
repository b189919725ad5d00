import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideMediaType } from '#shared/domain/media-type.ts';
import { MediaKind } from '#shared/domain/message-content.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

describe('decideMediaType, of what apps show', () => {
  it.each([
    ['image', 'image/jpeg', 'image/jpeg'],
    ['image', 'image/png', 'image/png'],
    ['image', 'image/apng', 'image/png'],
    ['image', 'image/webp', 'image/webp'],
    ['video', 'video/mp4', 'video/mp4'],
    ['video', 'video/x-m4v', 'video/mp4'],
    ['video', 'video/3gpp', 'video/3gpp'],
    ['video', 'video/quicktime', 'video/quicktime'],
    ['audio', 'audio/mpeg', 'audio/mpeg'],
    ['audio', 'audio/ogg; codecs=opus', 'audio/ogg; codecs=opus'],
    ['audio', 'audio/x-m4a', 'audio/mp4'],
    ['audio', 'video/mp4', 'audio/mp4'],
    ['audio', 'audio/aac', 'audio/aac'],
    ['audio', 'audio/amr', 'audio/amr'],
    ['audio', 'audio/wav', 'audio/wav'],
    ['sticker', 'image/webp', 'image/webp'],
    ['sticker', 'image/png', 'image/webp'],
    ['sticker', 'image/jpeg', 'image/webp'],
  ] as const)('sends as %s what is %s, under %s', (kind, sniffed, mimetype) => {
    expect(decideMediaType(kind, { sniffed })).toEqual({ kind: 'ok', mimetype });
    expect(decideMediaType(kind, { sniffed, claimed: 'application/pdf' }).kind).toBe('ok');
  });

  it.each([
    ['image', 'image/gif', /GIF is sent as a document/],
    ['image', 'application/pdf', /bytes of this file are application\/pdf/],
    ['image', 'image/heic', /JPEG, PNG or WebP/],
    ['video', 'video/webm', /MP4, 3GP or QuickTime/],
    ['audio', 'audio/flac', /MP3, Ogg/],
    ['sticker', 'image/gif', /WebP, PNG or JPEG/],
    ['image', undefined, /none of these/],
    ['image', 'constructor', /constructor/],
  ] as const)('refuses as %s what is %s', (kind, sniffed, reason) => {
    const decision = decideMediaType(kind, { sniffed, claimed: 'image/jpeg', fileName: 'a.jpg' });
    expect(decision).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
  });

  it('hears nothing of what is claimed', () => {
    const shown = fc.constantFrom('image', 'video', 'audio', 'sticker');
    const hint = fc.option(fc.oneof(fc.string(), fc.constant('image/png')), { nil: undefined });
    fc.assert(
      fc.property(shown, hint, hint, hint, (kind, sniffed, claimed, fileName) => {
        expect(decideMediaType(kind, { sniffed, claimed, fileName })).toEqual(
          decideMediaType(kind, { sniffed }),
        );
      }),
    );
  });
});

describe('decideMediaType, of documents', () => {
  const typeOf = (hints: { claimed?: string; sniffed?: string; fileName?: string }) => {
    const decision = decideMediaType('document', hints);
    return decision.kind === 'ok' ? decision.mimetype : decision;
  };

  it.each([
    ['the claim, where the bytes say nothing', { claimed: 'text/csv' }, 'text/csv'],
    ['the name, where nobody claims anything', { fileName: 'Prices.CSV' }, 'text/csv'],
    ['the claim before the name', { claimed: 'text/x-log', fileName: 'a.txt' }, 'text/x-log'],
    ['nothing, where nothing is known', {}, 'application/octet-stream'],
    ['nothing, where the claim says nothing', { claimed: 'file' }, 'application/octet-stream'],
    ['nothing, for a name of another kind', { fileName: 'a.valueOf' }, 'application/octet-stream'],
    ['the bytes, where nobody claims anything', { sniffed: 'video/webm' }, 'video/webm'],
    [
      'the bytes, where the claim contradicts them',
      { claimed: 'application/pdf', sniffed: 'image/png' },
      'image/png',
    ],
    [
      'the bytes, where the claim says nothing',
      { claimed: 'application/octet-stream', sniffed: 'image/png' },
      'image/png',
    ],
    ['the claim of what is packed', { claimed: XLSX, sniffed: 'application/zip' }, XLSX],
    ['the name of what is packed', { fileName: 'a.xlsx', sniffed: 'application/zip' }, XLSX],
    [
      'the claim of what is XML',
      { claimed: 'image/svg+xml', sniffed: 'application/xml' },
      'image/svg+xml',
    ],
    [
      'the bytes, where no package has the claimed type',
      { claimed: 'application/pdf', sniffed: 'application/zip' },
      'application/zip',
    ],
    [
      'the claim with its parameters',
      { claimed: 'text/plain; charset=utf-8' },
      'text/plain; charset=utf-8',
    ],
  ])('has %s', (_what, hints, mimetype) => {
    expect(typeOf(hints)).toBe(mimetype);
  });

  it('always has a type, and one that fits in a header', () => {
    const hint = fc.option(fc.oneof(fc.string(), fc.constant('a/b; c="d\r\n"')), {
      nil: undefined,
    });
    fc.assert(
      fc.property(hint, hint, (claimed, fileName) => {
        const decision = decideMediaType('document', { claimed, fileName });
        expect(decision).toEqual({
          kind: 'ok',
          mimetype: expect.stringMatching(/^[a-z]+\/[!-~]+(?:; ?[!-~]+)*$/),
        });
      }),
    );
  });

  it('knows every kind', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MediaKind.options), fc.string(), (kind, sniffed) => {
        expect(['ok', 'refused']).toContain(decideMediaType(kind, { sniffed }).kind);
      }),
    );
  });
});
