import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MediaFaults } from '#simulator/faults/media-faults.ts';
import { issueTlsIdentity, type TlsIdentity } from '#simulator/media/certificate.ts';
import { MediaFiles } from '#simulator/media/media-files.ts';
import { MediaServer } from '#simulator/media/media-server.ts';

const AUTH = 'token';

describe('the media server', () => {
  let folder: string;
  let tls: TlsIdentity;
  let server: MediaServer;
  const faults = new MediaFaults();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'media-'));
    tls = await issueTlsIdentity(['localhost', '127.0.0.1'], new Date());
    server = await MediaServer.start({
      host: '127.0.0.1',
      port: 0,
      tls,
      files: await MediaFiles.open(folder),
      faults,
      auth: AUTH,
      logger: pino({ level: 'silent' }),
    });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  type Reply = { status: number; headers: Record<string, unknown>; body: Buffer };
  const ask = (path: string, options: RequestOptions = {}, body?: Buffer): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const url = `https://${server.hostName}${path}`;
      request(url, { ca: tls.certificate, ...options }, (response) => {
        const { statusCode = 0, headers } = response;
        buffer(response).then(
          (bytes) => resolve({ status: statusCode, headers, body: bytes }),
          reject,
        );
      })
        .on('error', reject)
        .end(body);
    });
  const nameOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64url');
  const upload = (bytes: Buffer, { name = nameOf(bytes), auth = AUTH, kind = 'mms/image' } = {}) =>
    ask(`/${kind}/${name}?auth=${auth}&token=${name}`, { method: 'POST' }, bytes);

  it('gives back what was uploaded, over TLS that its own certificate authenticates', async () => {
    const bytes = randomBytes(200_000);
    const uploaded = await upload(bytes);
    const { url, direct_path: path } = JSON.parse(uploaded.body.toString());
    expect(url).toBe(`https://${server.hostName}${path}`);
    expect((await ask(path)).body.equals(bytes)).toBe(true);
    expect((await ask(path, { headers: { range: 'bytes=10-19' } })).body).toEqual(
      bytes.subarray(10, 20),
    );
    expect((await ask(path, { headers: { range: 'bytes=999999-' } })).status).toBe(416);
    await expect(ask(path, { ca: undefined })).rejects.toThrow(/self-signed/);
  });

  it('takes the same upload twice, and every kind of media', async () => {
    const bytes = randomBytes(100);
    const kinds = ['mms/image', 'mms/image', 'mms/video', 'mms/document', 'mms/audio'];
    for (const kind of kinds) expect((await upload(bytes, { kind })).status).toBe(200);
  });

  it('refuses a wrong token, a wrong hash, and paths that are not there', async () => {
    const bytes = randomBytes(100);
    expect((await upload(bytes, { auth: 'other' })).status).toBe(401);
    expect((await upload(bytes, { name: nameOf(randomBytes(1)) })).status).toBe(400);
    expect((await upload(bytes, { kind: 'mms/other' })).status).toBe(404);
    expect((await ask('/v/t62.7118-24/../simulator.sqlite')).status).toBe(404);
    expect((await ask('/', { method: 'PUT' })).status).toBe(405);
  });

  it('refuses uploads or downloads as often as it was told to', async () => {
    const bytes = randomBytes(100);
    const { direct_path: path } = JSON.parse((await upload(bytes)).body.toString());
    faults.add({ kind: 'media', status: 507, direction: 'upload' }, 2);
    faults.add({ kind: 'media', status: 404, direction: 'download' }, 1);
    const uploads = [await upload(bytes), await upload(bytes), await upload(bytes)];
    expect(uploads.map(({ status }) => status)).toEqual([507, 507, 200]);
    expect([(await ask(path)).status, (await ask(path)).status]).toEqual([404, 200]);
  });

  it('answers late when it was told to', async () => {
    const delayMs = 300;
    const bytes = randomBytes(100);
    faults.add({ kind: 'slow-media', ms: delayMs }, 1);
    const startedAt = performance.now();
    expect((await upload(bytes)).status).toBe(200);
    // A timer may fire a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(delayMs - 1);
  });

  it('refuses an upload that says it is too large', async () => {
    const options = { method: 'POST', headers: { 'content-length': 200 * 1024 * 1024 } };
    const name = nameOf(Buffer.of());
    const status = await new Promise((resolve, reject) => {
      const sending = request(
        `https://${server.hostName}/mms/image/${name}?auth=${AUTH}`,
        { ca: tls.certificate, ...options },
        (response) => {
          resolve(response.statusCode);
          sending.destroy();
        },
      ).on('error', reject);
      sending.flushHeaders();
    });
    expect(status).toBe(413);
  });
});

it('issues certificates that OpenSSL reads: names, authority, validity', async () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const { certificate } = await issueTlsIdentity(['localhost', '127.0.0.1'], now);
  const parsed = new X509Certificate(certificate);
  expect(parsed.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  expect(parsed.ca).toBe(true);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(parsed.checkHost('localhost')).toBe('localhost');
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(parsed.validFromDate).toEqual(new Date('2026-11-21T12:00:00Z'));
  expect(parsed.validToDate).toEqual(new Date('2036-11-22T12:00:00Z'));
});
