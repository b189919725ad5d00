import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ask, call, type MessageView, type PhoneView } from '../end-to-end/control-client.ts';
import { TemporarySimulator } from '../end-to-end/temporary-simulator.ts';

const ANNA = '15550009001';
const BEN = '15550009002';

type Refusal = { error: { code: string; message: string; details?: unknown } };

describe('the control API', () => {
  let simulator: TemporarySimulator;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
    await call(simulator.current, 'POST', '/phones', { number: ANNA, name: 'Anna' });
    await call(simulator.current, 'POST', '/phones', { number: BEN });
  });
  afterAll(() => simulator.remove());
  const refusal = async (method: string, path: string, body?: unknown) => {
    const answer = await ask<Refusal>(simulator.current, method, path, body);
    return [answer.status, answer.body.error.code];
  };
  const messagesOf = (number: string, query = '') =>
    call<MessageView[]>(simulator.current, 'GET', `/phones/${number}/messages${query}`);

  it('creates a phone once, however the number is written', async () => {
    const first = await ask<PhoneView>(simulator.current, 'POST', '/phones', {
      number: '+1 (555) 000-9003',
      autoRead: true,
    });
    expect(first).toMatchObject({
      status: 201,
      body: { number: '15550009003', autoRead: true, online: true, devices: [] },
    });
    expect(first.body.lid).toMatch(/^\d{15}@lid$/);
    const again = await ask(simulator.current, 'POST', '/phones', { number: 15550009003 });
    expect(again).toEqual({ status: 200, body: first.body });
    expect(await call(simulator.current, 'GET', '/phones/+1-555-000-9003')).toEqual(first.body);
    expect(await call<PhoneView[]>(simulator.current, 'GET', '/phones')).toHaveLength(3);
    const settings = { number: '15550009003', name: 'Cleo', autoRead: false };
    expect(await call(simulator.current, 'POST', '/phones', settings)).toEqual({
      ...first.body,
      ...settings,
    });
  });

  it('carries texts between two phones, with real receipts', async () => {
    const text = 'höi \u{1F44B}';
    const { id } = await call<{ id: string }>(
      simulator.current,
      'POST',
      `/phones/${ANNA}/messages`,
      { to: `${BEN}@c.us`, text },
    );
    expect(await messagesOf(BEN)).toMatchObject([
      { id, text, type: 'text', chat: `${ANNA}@c.us`, fromMe: false, state: 'received', copies: 1 },
    ]);
    expect(await messagesOf(ANNA)).toMatchObject([
      { id, fromMe: true, state: 'delivered', receipts: [{ from: `${BEN}@c.us` }] },
    ]);
    await call(simulator.current, 'POST', `/phones/${BEN}/read`, { id });
    expect(await messagesOf(ANNA)).toMatchObject([{ id, state: 'read' }]);
    expect(await call<PhoneView>(simulator.current, 'GET', `/phones/${BEN}`)).toMatchObject({
      unread: { total: 0, chats: {} },
    });
  });

  it('filters messages by time, chat and number', async () => {
    const [message] = await messagesOf(BEN);
    const at = message?.at ?? '';
    expect(await messagesOf(BEN, `?since=${at}&limit=1&chat=${ANNA}`)).toHaveLength(1);
    expect(await messagesOf(BEN, `?since=${Date.parse(at) + 1}`)).toEqual([]);
    expect(await refusal('GET', `/phones/${BEN}/messages?since=yesterday`)).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it('says what is wrong with a body, by path', async () => {
    const answer = await ask<Refusal>(simulator.current, 'POST', '/phones', {
      number: '12',
      colour: 'red',
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', details: [{ path: 'number' }, { path: '' }] } },
    });
  });

  it.each([
    ['POST', '/phones', {}, 400, 'invalid_request'],
    ['POST', '/phones', [], 400, 'invalid_request'],
    ['GET', '/phones/15559990000', undefined, 404, 'phone_not_found'],
    ['GET', '/phones/abc', undefined, 400, 'invalid_request'],
    ['GET', '/phones/%E0%A4%A', undefined, 400, 'invalid_request'],
    ['POST', `/phones/${ANNA}/messages`, { to: '15559990000', text: 'x' }, 404, 'phone_not_found'],
    ['POST', `/phones/${ANNA}/messages`, { to: BEN, text: '' }, 400, 'invalid_request'],
    ['POST', `/phones/${ANNA}/messages`, { to: 'x@lid', text: 'x' }, 404, 'phone_not_found'],
    ['POST', `/phones/${ANNA}/messages`, { to: '1@g.us', text: 'x' }, 404, 'group_not_found'],
    ['POST', `/phones/${ANNA}/link`, { qr: 'x', code: 'ABCD1234' }, 400, 'invalid_request'],
    ['POST', `/phones/${ANNA}/link`, { code: 'ABC' }, 400, 'invalid_request'],
    ['POST', `/phones/${ANNA}/read`, { id: 'NOBODY' }, 404, 'message_not_found'],
    ['GET', `/phones/${ANNA}/messages/NOBODY/media`, undefined, 404, 'message_not_found'],
    ['DELETE', `/phones/${ANNA}/devices/1`, undefined, 404, 'device_not_found'],
    ['DELETE', `/phones/${ANNA}/devices/x`, undefined, 400, 'invalid_request'],
    ['POST', '/groups', { subject: 'x', participants: [] }, 400, 'invalid_request'],
    ['POST', '/groups', { subject: 'x', participants: ['15559990000'] }, 404, 'phone_not_found'],
    ['POST', '/faults', { number: ANNA, kind: 'fire' }, 400, 'invalid_request'],
    ['POST', '/faults', { number: '15559990000', kind: 'nack' }, 404, 'phone_not_found'],
    [
      'POST',
      '/faults',
      { kind: 'media', direction: 'upload', status: 200 },
      400,
      'invalid_request',
    ],
    ['POST', '/faults', { kind: 'media', status: 500 }, 400, 'invalid_request'],
    ['POST', '/faults', { kind: 'slow-media' }, 400, 'invalid_request'],
    ['POST', '/faults', { kind: 'nack', number: ANNA, only: 'text' }, 400, 'invalid_request'],
    ['GET', '/phones/15559990000/presences', undefined, 404, 'phone_not_found'],
    ['POST', `/phones/${ANNA}/messages/media?to=${BEN}&type=image`, {}, 400, 'invalid_request'],
    ['GET', '/nowhere', undefined, 404, 'unknown_route'],
    ['PUT', '/phones', {}, 405, 'wrong_method'],
  ])('%s %s refuses %j', async (method, path, body, status, code) => {
    expect(await refusal(method, path, body)).toEqual([status, code]);
  });

  it('refuses what is not JSON, and bodies that are too large', async () => {
    const post = (path: string, body: string) =>
      fetch(`${simulator.current.controlUrl}${path}`, { method: 'POST', body });
    expect((await post('/phones', '{')).status).toBe(400);
    for (const megabytes of [1.01, 20]) {
      expect((await post('/phones', 'x'.repeat(megabytes * 1024 * 1024))).status).toBe(413);
    }
    expect((await post(`/phones/${ANNA}/messages`, 'x'.repeat(1024 * 1024 + 1))).status).toBe(400);
  });

  it('lets an offline phone do nothing, and gives it its messages when it is back', async () => {
    await call(simulator.current, 'POST', `/phones/${BEN}/offline`);
    expect(await refusal('POST', `/phones/${BEN}/messages`, { to: ANNA, text: 'x' })).toEqual([
      409,
      'phone_offline',
    ]);
    const before = (await messagesOf(BEN)).length;
    for (const text of ['one', 'two']) {
      await call(simulator.current, 'POST', `/phones/${ANNA}/messages`, { to: BEN, text });
    }
    expect(await messagesOf(BEN)).toHaveLength(before);
    await call(simulator.current, 'POST', `/phones/${BEN}/online`);
    expect((await messagesOf(BEN)).slice(before).map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('sends media from phone to phone, and its bytes are the same', async () => {
    const bytes = Buffer.from('a small picture');
    const { id } = await call<{ id: string }>(
      simulator.current,
      'POST',
      `/phones/${ANNA}/messages`,
      {
        to: BEN,
        media: { type: 'image', mimetype: 'image/png', base64: bytes.toString('base64') },
      },
    );
    const url = `${simulator.current.controlUrl}/phones/${BEN}/messages/${id}/media`;
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  it('takes a file as the body of a request, and refuses one that is too large', async () => {
    const query = `to=${BEN}&type=audio&mimetype=audio/ogg&ptt=true`;
    const url = `${simulator.current.controlUrl}/phones/${ANNA}/messages/media?${query}`;
    const bytes = Buffer.from('a few words');
    const response = await fetch(url, { method: 'POST', body: bytes });
    expect(response.status).toBe(200);
    expect((await messagesOf(BEN)).at(-1)).toMatchObject({
      type: 'ptt',
      media: { size: bytes.length, ptt: true, mimetype: 'audio/ogg' },
    });
    const tooLarge = Buffer.alloc(100 * 1024 * 1024 + 1);
    expect((await fetch(url, { method: 'POST', body: tooLarge })).status).toBe(413);
  });

  it('does not hand out media that is damaged or gone', async () => {
    const folder = join(simulator.dataDir, 'simulator', 'media');
    const before = await readdir(folder);
    const media = { type: 'image', mimetype: 'image/png', base64: 'AAAA' };
    const path = `/phones/${ANNA}/messages`;
    const body = { to: BEN, media };
    const { id } = await call<{ id: string }>(simulator.current, 'POST', path, body);
    const [name] = (await readdir(folder)).filter((file) => !before.includes(file));
    const file = join(folder, name ?? '');
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
    await writeFile(file, bytes);
    const mediaPath = `/phones/${BEN}/messages/${id}/media`;
    expect(await refusal('GET', mediaPath)).toEqual([422, 'damaged']);
    await rm(file);
    expect(await refusal('GET', mediaPath)).toEqual([404, 'not_uploaded']);
  });

  it('keeps groups to their members', async () => {
    const { id } = await call<{ id: string }>(simulator.current, 'POST', '/groups', {
      subject: 'Two',
      participants: [ANNA, BEN],
    });
    const outsider = '/phones/15550009003/messages';
    expect(await refusal('POST', outsider, { to: id, text: 'x' })).toEqual([403, 'not_a_member']);
    await call(simulator.current, 'POST', `/phones/${ANNA}/messages`, { to: id, text: 'hello' });
    expect(await messagesOf(BEN, `?chat=${id}`)).toMatchObject([
      { chat: id, from: `${ANNA}@c.us`, text: 'hello' },
    ]);
  });

  it('is healthy and counts', async () => {
    expect(await call(simulator.current, 'GET', '/healthz')).toEqual({ status: 'ok' });
    expect(await call(simulator.current, 'GET', '/stats')).toMatchObject({
      sockets: 0,
      logins: 0,
      frames: { in: 0, out: 0 },
      violations: { ratchetReused: 0, evictedFrames: 0, duplicateIds: 0 },
      violationSamples: [],
    });
  });
});
