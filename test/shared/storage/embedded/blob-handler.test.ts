import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blobHandler } from '#shared/storage/embedded/blob-handler.ts';
import type { FileBlobs } from '#shared/storage/embedded/file-blobs.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { temporaryFolder } from './temporary-folder.ts';

const BODY_BYTES_MAX = 100_000;
const SOON = { expiresInMs: 60_000 };

describe('blobHandler', () => {
  it('leaves other requests to others', async () => {
    const { baseUrl } = await serve();
    expect((await fetch(`${baseUrl}/whatsapp/_blobs/x`)).status).toBe(418);
    expect((await fetch(`${baseUrl}/`)).status).toBe(418);
  });

  it('answers HEAD with the length and no bytes', async () => {
    const { blobs } = await serve();
    await blobs.put('a', Buffer.alloc(1_234));
    const { url } = await blobs.presignDownload('a', SOON);
    const response = await fetch(url, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('1234');
    expect(await response.text()).toBe('');
  });

  it('never lets a browser take a blob for a page', async () => {
    const { blobs } = await serve();
    await blobs.put('page.html', Buffer.from('<script>alert(1)</script>'));
    const { url } = await blobs.presignDownload('page.html', SOON);
    const { headers } = await fetch(url);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('refuses other methods', async () => {
    const { blobs } = await serve();
    const { url } = await blobs.presignUpload('a', SOON);
    const response = await fetch(url, { method: 'POST', body: 'x' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, PUT');
  });

  it.each(['/_blobs/a', '/_blobs/', '/_blobs/%ff?method=GET', '/_blobs/..%2f..%2fetc?method=GET'])(
    'answers 403 to %s, which nobody signed',
    async (path) => {
      const { baseUrl } = await serve();
      expect((await fetch(baseUrl + path)).status).toBe(403);
    },
  );

  it('refuses a body that says it is too long', async () => {
    const { blobs } = await serve();
    const { url } = await blobs.presignUpload('a', SOON);
    const upload = (size: number) => fetch(url, { method: 'PUT', body: Buffer.alloc(size) });
    expect((await upload(BODY_BYTES_MAX + 1)).status).toBe(413);
    expect(await blobs.get('a')).toBeUndefined();
    expect((await upload(BODY_BYTES_MAX)).status).toBe(200);
    expect(await blobs.get('a')).toHaveLength(BODY_BYTES_MAX);
  });

  it('refuses a body that turns out too long while it comes', async () => {
    const { blobs, freshFiles } = await serve();
    const { url } = await blobs.presignUpload('a', SOON);
    const upload = request(url, { method: 'PUT' });
    upload.write(Buffer.alloc(BODY_BYTES_MAX));
    upload.write(Buffer.alloc(1));
    const [response] = await once(upload, 'response');
    expect(response.statusCode).toBe(413);
    upload.destroy();
    expect(await blobs.get('a')).toBeUndefined();
    expect(await freshFiles()).toEqual([]);
  });

  it('refuses a body that does not say that it has the length asked for', async () => {
    const { blobs } = await serve();
    const { url } = await blobs.presignUpload('a', { ...SOON, bytes: 4 });
    const upload = request(url, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } });
    upload.write('four');
    const [response] = await once(upload, 'response');
    expect(response.statusCode).toBe(403);
    upload.destroy();
    expect(await blobs.stat('a')).toBeUndefined();
  });

  it('tells a sender that waits to go on, once the upload is allowed', async () => {
    const { blobs, baseUrl } = await serve();
    const { url } = await blobs.presignUpload('a', SOON);
    const send = async (target: string) => {
      const headers = { expect: '100-continue', 'content-length': '4' };
      const upload = request(target, { method: 'PUT', headers });
      upload.on('continue', () => upload.end('four'));
      upload.flushHeaders();
      const [response] = await once(upload, 'response');
      upload.destroy();
      return response.statusCode;
    };
    expect(await send(url)).toBe(200);
    expect(await send(`${baseUrl}/_blobs/a`)).toBe(403);
    expect(await blobs.stat('a')).toEqual({ bytes: 4 });
  });

  it('keeps nothing of an upload whose sender goes away', async () => {
    const { blobs, freshFiles } = await serve();
    const { url } = await blobs.presignUpload('a', SOON);
    const { pathname, search, hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf`);
    await expect.poll(freshFiles).toHaveLength(1);
    socket.destroy();
    await expect.poll(freshFiles).toEqual([]);
    expect(await blobs.get('a')).toBeUndefined();
  });
});

async function serve(): Promise<{
  baseUrl: string;
  blobs: FileBlobs;
  freshFiles: () => Promise<readonly string[]>;
}> {
  const dataDir = await temporaryFolder();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const baseUrl = `http://127.0.0.1:${address.port}`;
  const storage = await openEmbeddedStorage({ dataDir, baseUrl });
  const handle = blobHandler({ blobs: storage.mediaBlobs, bodyBytesMax: BODY_BYTES_MAX });
  const failures: unknown[] = [];
  const accept = (incoming: IncomingMessage, response: ServerResponse) => {
    handle(incoming, response)
      .then((handled) => (handled ? undefined : response.writeHead(418).end()))
      .catch((cause: unknown) => failures.push(cause));
  };
  server.on('request', accept);
  // As the gateway: whoever takes the request tells its sender to go on.
  server.on('checkContinue', accept);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await storage.close();
    expect(failures).toEqual([]);
  });
  const freshFiles = async () => await readdir(join(dataDir, 'blobs', 'fresh'));
  return { baseUrl, blobs: storage.mediaBlobs, freshFiles };
}
