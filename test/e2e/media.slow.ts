import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { aPicture } from '../runner/media/sample-files.ts';
import { type FileServer, openFileServer, type Served } from './file-server.ts';
import { fileShownBy, type LinkedInstance, NO_VIOLATIONS, violations } from './linked-instance.ts';
import { LinkedTree } from './linked-tree.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';
const LARGE = randomBytes(20 * 1024 * 1024);
const PICTURE = await aPicture('jpeg');
/** More than a message may carry, which the server only says. */
const TOO_MANY_BYTES = 200_000_000;

const Announced = z.object({
  data: z.object({
    _id: z.string(),
    upload: z.object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  }),
});

let system: LinkedTree;
let instance: LinkedInstance;
let web: FileServer;

beforeAll(async () => {
  system = await LinkedTree.open({ phone: BUSINESS, others: [CUSTOMER] });
  instance = system.instance;
  web = await openFileServer({
    '/photo': { type: 'image/jpeg', bytes: PICTURE },
    '/text': { type: 'image/jpeg', bytes: Buffer.from('no picture at all') },
    ...redirects(4, '/photo'),
    '/huge': (_request, response) =>
      response.writeHead(200, { 'content-length': TOO_MANY_BYTES }).write('x'),
  });
}, 60_000);

afterAll(async () => {
  await system.close();
  await web.close();
});

it('brings 20 MB from an upload to the phone, bit by bit the same', async () => {
  const attachmentId = await upload(LARGE);
  const chatId = CUSTOMER;
  const id = await instance.sendAs('doc', { chatId, attachmentId, filename: 'large.bin' });
  const { media } = await system.shown(CUSTOMER, id);
  expect(media).toMatchObject({
    sha256: sha256(LARGE),
    size: LARGE.length,
    fileName: 'large.bin',
    mimetype: 'application/x-test',
  });
  expect(sha256(await fileShownBy(system.tree.simulator, CUSTOMER, id))).toBe(sha256(LARGE));
}, 60_000);

it('brings 20 MB from the phone to whoever gets the event, and to nobody else', async () => {
  const query = `to=${BUSINESS}&type=document&mimetype=application/zip&fileName=large.zip`;
  const { simulator } = system.tree;
  await fetch(`${simulator.url}/phones/${CUSTOMER}/messages/media?${query}`, {
    method: 'POST',
    body: new Uint8Array(LARGE),
  });
  const { data } = await system.event('the file', ({ event, data: { type } }) => {
    return event === 'onMessage' && type === 'document';
  });
  expect(data).toMatchObject({
    isMedia: true,
    mimetype: 'application/zip',
    mediaError: null,
    media: { size: LARGE.length, sha256: sha256(LARGE), mimetype: 'application/zip' },
    cloudUrl: data.media.url,
  });
  expect(await digestBehind(data.media.url)).toBe(sha256(LARGE));

  const own = await ask(data.media.id, instance.credentials);
  expect(own.status).toBe(302);
  expect(await digestBehind(own.headers.get('location') ?? '')).toBe(sha256(LARGE));
  const api = await system.tree.api();
  const { body } = await api.call('POST', '/whatsapp/createNewWhatsapp', {});
  const { session_id, settings } = Created.parse(body).data;
  const other = await ask(data.media.id, { session_id, access_token: settings.access_token });
  expect(other.status).toBe(404);
}, 60_000);

describe('the file behind a URL', () => {
  it('is sent, over three redirects', async () => {
    const url = `${web.origin}/redirect/3`;
    const id = await instance.sendAs('fileurl', { chatId: CUSTOMER, url, type: 'image' });
    const { media, type } = await system.shown(CUSTOMER, id);
    expect({ type, ...media }).toMatchObject({ type: 'image', sha256: sha256(PICTURE) });
    expect(web.paths).toEqual(['/redirect/3', '/redirect/2', '/redirect/1', '/photo']);
  });

  it.each([
    ['is not there', '/nothing', 'media_url_failed'],
    ['is no picture, whatever the server says', '/text', 'media_type_refused'],
    ['lies behind too many redirects', '/redirect/4', 'media_url_failed'],
    ['is larger than any message', '/huge', 'media_too_large'],
  ])('that %s fails its message alone', async (_what, path, code) => {
    const url = `${web.origin}${path}`;
    const id = await instance.sendAs('fileurl', { chatId: CUSTOMER, url, type: 'image' });
    const next = await instance.send(CUSTOMER, `after ${path}`);
    await instance.untilState(id, 'FAILED');
    const { error } = await instance.message(id);
    expect(error).toEqual({ code, message: expect.stringMatching(/\w+ \w+.*\.$/) });
    expect(await system.shown(CUSTOMER, next)).toMatchObject({ text: `after ${path}` });
  });
});

describe("WhatsApp's media server", () => {
  it('fails twice, and the message arrives all the same', async () => {
    await fault('upload', 2);
    const url = `${web.origin}/photo`;
    const id = await instance.sendAs('fileurl', { chatId: CUSTOMER, url, type: 'image' });
    const { media, copies } = await system.shown(CUSTOMER, id);
    expect({ sha256: media?.sha256, copies }).toEqual({ sha256: sha256(PICTURE), copies: 1 });
  });

  it('does not give a file, and the event says so', async () => {
    await fault('download', 3);
    const media = { type: 'image', mimetype: 'image/jpeg', base64: PICTURE.toString('base64') };
    await system.tree.simulator.call('POST', `/phones/${CUSTOMER}/messages`, {
      to: BUSINESS,
      media: { ...media, caption: 'never seen' },
    });
    const { data } = await system.event('the caption', ({ event, data: { caption } }) => {
      return event === 'onMessage' && caption === 'never seen';
    });
    expect(data).toMatchObject({
      type: 'image',
      media: null,
      cloudUrl: null,
      mediaError: { code: 'media_unreachable', message: expect.any(String) },
    });
    expect(await violations(system.tree.simulator)).toEqual(NO_VIOLATIONS);
  });
});

const Created = z.object({
  data: z.object({ session_id: z.string(), settings: z.object({ access_token: z.string() }) }),
});

/** Announces the file, and brings its bytes by the one request that the answer says. */
async function upload(bytes: Buffer): Promise<string> {
  const api = await system.tree.api();
  const file = { fileName: 'large.bin', mimetype: 'application/x-test', size: bytes.length };
  const { body } = await api.call('POST', '/whatsapp/attachments', file);
  const { _id, upload: request } = Announced.parse(body).data;
  const { method, url, headers } = request;
  const answer = await fetch(url, { method, headers, body: new Uint8Array(bytes) });
  expect(answer.status).toBe(200);
  return _id;
}

async function ask(mediaId: string, credentials: LinkedInstance['credentials']): Promise<Response> {
  const { url } = await system.tree.api();
  const query = new URLSearchParams({ ...credentials });
  return await fetch(`${url}/whatsapp/media/${mediaId}?${query}`, { redirect: 'manual' });
}

async function digestBehind(url: string): Promise<string> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return sha256(Buffer.from(await answer.arrayBuffer()));
}

async function fault(direction: 'upload' | 'download', times: number): Promise<void> {
  const body = { kind: 'media', direction, status: 500, times };
  await system.tree.simulator.call('POST', '/faults', body);
}

/** `/redirect/3` leads to `/redirect/2`, and so on to the target. */
function redirects(count: number, target: string): Record<string, Served> {
  const lead = (location: string): Served => {
    return (_request, response) => response.writeHead(302, { location }).end();
  };
  const steps = Array.from({ length: count }, (_, index): [string, Served] => [
    `/redirect/${index + 1}`,
    lead(index === 0 ? target : `/redirect/${index}`),
  ]);
  return Object.fromEntries(steps);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
