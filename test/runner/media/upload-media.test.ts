import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deriveMediaKeys, digestMedia, encryptMedia } from '#runner/media/media-cipher.ts';
import { MediaFailed, MediaUnavailable } from '#runner/media/media-failed.ts';
import { type SealedFile, uploadMedia } from '#runner/media/upload-media.ts';
import { MediaKind } from '#shared/domain/message-content.ts';
import { aMediaNetwork, aScriptedHost, TOKEN } from './media-network.ts';
import { inPieces } from './pieces.ts';

const NOBODY = 'localhost:1';

async function aSealedFile(kind: MediaKind = 'document', bytes = 100_000): Promise<SealedFile> {
  const plain = randomBytes(bytes);
  const keys = deriveMediaKeys(kind, randomBytes(32));
  const read = () => encryptMedia(inPieces(plain, [60_000]), keys);
  const { fileEncSha256, encryptedBytes } = await digestMedia(inPieces(plain, [60_000]), keys);
  return { kind, sha256: fileEncSha256, bytes: encryptedBytes, read };
}

/** Answers of `mediaConnection`, one after the other, and what was asked of it. */
function connections(...given: readonly { hosts: readonly string[]; auth?: string }[]) {
  const asked: unknown[] = [];
  return {
    asked,
    mediaConnection: async (options?: { readonly renew?: boolean }) => {
      asked.push(options?.renew ?? false);
      const { hosts, auth = TOKEN } = given[asked.length - 1] ?? { hosts: [] };
      return { hosts, auth };
    },
  };
}

describe('uploadMedia', () => {
  it.each(MediaKind.options)('uploads a file of the kind %s', async (kind) => {
    const { host, dispatcher, files } = await aMediaNetwork();
    const file = await aSealedFile(kind);
    const { mediaConnection } = connections({ hosts: [host] });
    const { url, directPath } = await uploadMedia(file, { dispatcher, mediaConnection });
    expect(url).toBe(`https://${host}${directPath}`);
    expect(await files.sizeOf(directPath)).toBe(file.bytes);
  });

  it('goes on to the next host', async () => {
    const network = await aMediaNetwork();
    const [failing, babbling, endless] = [
      await aScriptedHost(network, (_request, response) => void response.writeHead(503).end()),
      await aScriptedHost(network, (_request, response) => void response.end('[]')),
      await aScriptedHost(network, (request, response) => {
        request.resume();
        response.end('"'.padEnd(70_000));
      }),
    ];
    const { mediaConnection } = connections({
      hosts: [NOBODY, failing, babbling, endless, network.host],
    });
    const { dispatcher } = network;
    const { url } = await uploadMedia(await aSealedFile(), { dispatcher, mediaConnection });
    expect(url).toContain(network.host);
  });

  it('asks for a new token when the old one is refused in the middle of a large file', async () => {
    const { host, dispatcher, files } = await aMediaNetwork();
    const file = await aSealedFile('video', 5_000_000);
    const { mediaConnection, asked } = connections(
      { hosts: [host], auth: 'old' },
      { hosts: [host] },
    );
    const { directPath } = await uploadMedia(file, { dispatcher, mediaConnection });
    expect(await files.sizeOf(directPath)).toBe(file.bytes);
    expect(asked).toEqual([false, true]);
  });

  it('throws what may pass: no token is taken', async () => {
    const { host, dispatcher } = await aMediaNetwork();
    const wrong = { hosts: [host], auth: 'wrong' };
    const { mediaConnection, asked } = connections(wrong, wrong, wrong);
    const uploading = uploadMedia(await aSealedFile(), { dispatcher, mediaConnection });
    await expect(uploading).rejects.toThrow(MediaUnavailable);
    expect(asked).toEqual([false, true]);
  });

  it('throws what may pass: all hosts are away', async () => {
    const { dispatcher } = await aMediaNetwork();
    const { mediaConnection } = connections({ hosts: [NOBODY, NOBODY] });
    const uploading = uploadMedia(await aSealedFile(), { dispatcher, mediaConnection });
    await expect(uploading).rejects.toThrow(MediaUnavailable);
  });

  it.each([
    [413, 'media_too_large'],
    [400, 'media_upload_refused'],
    [415, 'media_upload_refused'],
  ] as const)('fails when WhatsApp refuses the file with %i', async (status, code) => {
    const network = await aMediaNetwork();
    const host = await aScriptedHost(network, (request, response) => {
      request.resume();
      response.writeHead(status).end();
    });
    const { dispatcher } = network;
    const { mediaConnection } = connections({ hosts: [host, network.host] });
    const uploading = uploadMedia(await aSealedFile(), { dispatcher, mediaConnection });
    await expect(uploading).rejects.toMatchObject({ code });
  });

  it('fails when the file is gone meanwhile', async () => {
    const { host, dispatcher } = await aMediaNetwork();
    const gone = new MediaFailed('media_gone', 'The file is no longer there.');
    const file: SealedFile = {
      ...(await aSealedFile()),
      // biome-ignore lint/correctness/useYield: it ends before its first piece.
      async *read() {
        throw gone;
      },
    };
    const { mediaConnection } = connections({ hosts: [host] });
    await expect(uploadMedia(file, { dispatcher, mediaConnection })).rejects.toBe(gone);
  });

  it('uploads no file that became longer or shorter meanwhile', async () => {
    const { host, dispatcher } = await aMediaNetwork();
    const file = await aSealedFile();
    for (const bytes of [file.bytes - 1, file.bytes + 1]) {
      const { mediaConnection } = connections({ hosts: [host] });
      const uploading = uploadMedia({ ...file, bytes }, { dispatcher, mediaConnection });
      await expect(uploading).rejects.toThrow(MediaUnavailable);
    }
  });
});
