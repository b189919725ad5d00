import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeGuardedDispatcher } from '#runner/http/guarded-dispatcher.ts';
import { type PrepareDeps, prepareMedia } from '#runner/media/prepare-media.ts';
import type { MediaContent, MediaKind, MediaUpload } from '#shared/domain/message-content.ts';
import { aMediaNetwork, TOKEN } from './media-network.ts';
import { decryptAsPhone } from './phone-cipher.ts';
import { A_PDF, anMp3, anMp4, anOpus, aPicture, aWav, OPUS_BEGINNING } from './sample-files.ts';
import { startWebServer } from './web-server.ts';

const KEY = 'sent/one/1';
const NOW = new Date('2026-03-04T05:06:07.890Z');

async function anOutbox(other: Partial<PrepareDeps['whatsapp']> = {}) {
  const network = await aMediaNetwork();
  const guard = { allowPrivate: true };
  const web = { dispatcher: makeGuardedDispatcher(guard), guard };
  onTestFinished(async () => await web.dispatcher.destroy());
  const deps: PrepareDeps = {
    blobs: network.blobs,
    web,
    whatsapp: {
      dispatcher: network.dispatcher,
      mediaConnection: async () => ({ hosts: [network.host], auth: TOKEN }),
      ...other,
    },
    randomBytes,
    now: () => NOW,
  };
  const prepare = async (content: MediaContent) =>
    await prepareMedia({ instanceId: 'one', messageId: '1', content }, deps);
  return {
    ...network,
    prepare,
    /** A file in the store, of a message of that kind. */
    async prepareFile(kind: MediaKind, bytes: Buffer, rest: Partial<MediaContent> = {}) {
      await network.blobs.put(KEY, bytes);
      return await prepare({ kind, source: { kind: 'blob', key: KEY }, ...rest });
    },
    /** As a phone opens it. */
    async open(kind: MediaKind, { directPath, mediaKey }: MediaUpload): Promise<Buffer> {
      const key = Buffer.from(mediaKey, 'base64');
      return await decryptAsPhone(kind, network.files.read(directPath), key);
    },
  };
}

async function upload(outbox: Awaited<ReturnType<typeof anOutbox>>, kind: MediaKind, file: Buffer) {
  const outcome = await outbox.prepareFile(kind, file);
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  return outcome.upload;
}

describe('prepareMedia', () => {
  it('uploads a document that a phone can open, and says how', async () => {
    const outbox = await anOutbox();
    const outcome = await outbox.prepareFile('document', A_PDF, { fileName: 'plan.pdf' });
    expect(outcome).toEqual({
      kind: 'ready',
      fileName: 'plan.pdf',
      upload: {
        url: expect.stringContaining(`https://${outbox.host}/`),
        directPath: expect.stringMatching(/^\/v\//),
        mediaKey: expect.any(String),
        fileSha256: expect.any(String),
        fileEncSha256: expect.any(String),
        fileLength: A_PDF.length,
        mediaKeyTimestamp: Math.floor(NOW.getTime() / 1000),
        mimetype: 'application/pdf',
      },
    });
    if (outcome.kind === 'failed') return;
    expect((await outbox.open('document', outcome.upload)).equals(A_PDF)).toBe(true);
  });

  it('shows a picture as it is held, with a small one of it', async () => {
    const outbox = await anOutbox();
    const file = await sharp(await aPicture('jpeg'))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { width, height, jpegThumbnail, mimetype } = await upload(outbox, 'image', file);
    expect({ width, height, mimetype }).toEqual({
      width: 200,
      height: 320,
      mimetype: 'image/jpeg',
    });
    const small = await sharp(Buffer.from(jpegThumbnail ?? '', 'base64')).metadata();
    expect(small).toMatchObject({ format: 'jpeg', width: 40, height: 64 });
  });

  it.each([
    ['audio', 'audio/wav', aWav(3), 3],
    ['audio', 'audio/mpeg', anMp3(383), 10],
    ['audio', 'audio/ogg; codecs=opus', anOpus(12), 12],
    ['audio', 'audio/mp4', anMp4(7, { brand: 'M4A ' }), 7],
    ['video', 'video/mp4', anMp4(65), 65],
  ] as const)('knows how long a file plays: %s of %s', async (kind, mimetype, file, seconds) => {
    expect(await upload(await anOutbox(), kind, file)).toMatchObject({ mimetype, seconds });
  });

  it('sends an audio that does not say how long it is', async () => {
    const sent = await upload(await anOutbox(), 'audio', OPUS_BEGINNING);
    expect(sent.mimetype).toBe('audio/ogg; codecs=opus');
    expect(sent).not.toHaveProperty('seconds');
  });

  it.each(['png', 'jpeg'] as const)('makes a sticker of a %s', async (format) => {
    const outbox = await anOutbox();
    const sent = await upload(outbox, 'sticker', await aPicture(format));
    expect(sent).toMatchObject({ mimetype: 'image/webp', width: 512, height: 512 });
    const sticker = await outbox.open('sticker', sent);
    expect(sent.fileLength).toBe(sticker.length);
    expect(await sharp(sticker).metadata()).toMatchObject({
      format: 'webp',
      width: 512,
      height: 512,
    });
  });

  it('sends a WebP sticker as it is', async () => {
    const outbox = await anOutbox();
    const file = await aPicture('webp', { width: 512, height: 512 });
    expect((await outbox.open('sticker', await upload(outbox, 'sticker', file))).equals(file)).toBe(
      true,
    );
  });
});

describe('prepareMedia, of a URL', () => {
  it('fetches the file once, however often it is tried', async () => {
    let isDown = true;
    const outbox = await anOutbox();
    const web = await startWebServer((_request, response) => void response.end(A_PDF));
    const source = { kind: 'url', url: `${web.url}/files/My%20plan.pdf?token=1` } as const;
    const deaf = await anOutbox({
      mediaConnection: async () => {
        if (isDown) throw new Error('The socket is not open.');
        return { hosts: [deaf.host], auth: TOKEN };
      },
    });
    await expect(deaf.prepare({ kind: 'document', source })).rejects.toThrow('not open');
    isDown = false;
    expect(await deaf.prepare({ kind: 'document', source })).toMatchObject({
      kind: 'ready',
      fileName: 'My plan.pdf',
      upload: { mimetype: 'application/pdf', fileLength: A_PDF.length },
    });
    expect(web.requests).toHaveLength(1);
    expect(await outbox.blobs.get(KEY)).toBeUndefined();
  });

  it.each([
    ['/a/b.pdf', 'b.pdf'],
    ['/%E0%A4.pdf', '%E0%A4.pdf'],
    ['/..%2F..%5Cb%0A.pdf', '.._.._b_.pdf'],
    ['/', undefined],
  ])('calls the file behind %s %s', async (path, fileName) => {
    const outbox = await anOutbox();
    const web = await startWebServer((_request, response) => void response.end(A_PDF));
    const source = { kind: 'url', url: `${web.url}${path}` } as const;
    const outcome = await outbox.prepare({ kind: 'document', source });
    expect(outcome.kind === 'ready' && outcome.fileName).toBe(fileName);
  });

  it('fails for a URL without a file', async () => {
    const outbox = await anOutbox();
    const web = await startWebServer((_request, response) => void response.writeHead(404).end());
    const content = { kind: 'image', source: { kind: 'url', url: web.url } } as const;
    expect(await outbox.prepare(content)).toEqual({
      kind: 'failed',
      code: 'media_url_failed',
      message: 'The URL answers with status 404.',
    });
  });
});

describe('prepareMedia, of what is not sent', () => {
  it('fails when the file is gone', async () => {
    const outbox = await anOutbox();
    const content = { kind: 'image', source: { kind: 'blob', key: 'sent/one/2' } } as const;
    expect(await outbox.prepare(content)).toMatchObject({ kind: 'failed', code: 'media_gone' });
  });

  it.each([
    ['an empty file', 'document', Buffer.alloc(0), 'media_empty'],
    ['a file of more than 100 MB', 'document', Buffer.alloc(104_857_601), 'media_too_large'],
    [
      'a picture of more than 16 MB',
      'image',
      Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), Buffer.alloc(16_777_216)]),
      'media_too_large',
    ],
    ['a page as an image', 'image', Buffer.from('<html></html>'), 'media_type_refused'],
    ['a PDF as a video', 'video', A_PDF, 'media_type_refused'],
    [
      'the beginning of a picture alone',
      'image',
      Buffer.from('\xff\xd8\xff\xe0 and no more', 'latin1'),
      'media_type_refused',
    ],
  ] as const)('fails for %s', async (_what, kind, bytes, code) => {
    const outbox = await anOutbox();
    expect(await outbox.prepareFile(kind, bytes)).toMatchObject({ kind: 'failed', code });
  });

  it('fails for a picture that is cut off', async () => {
    const outbox = await anOutbox();
    const whole = await aPicture('png');
    const cut = whole.subarray(0, whole.length - 20);
    expect(await outbox.prepareFile('image', cut)).toMatchObject({ code: 'media_type_refused' });
  });

  it('fails for a small file of a picture with too many pixels', async () => {
    const outbox = await anOutbox();
    const bomb = await aPicture('png', { width: 8_000, height: 7_000 });
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await outbox.prepareFile('image', bomb)).toMatchObject({
      code: 'media_type_refused',
      message: /too many pixels/,
    });
  });
});
