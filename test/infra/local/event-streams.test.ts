import { afterEach, expect, it } from 'vitest';
import { toEventCursor } from '#functions/webhooks/event-cursor.ts';
import { type ApiUnderTest, startApi } from '../../functions/api-under-test.ts';
import {
  type Account,
  anAccount,
  anInstance,
  call,
  errorOf,
  faultPaths,
  type OwnedInstance,
} from '../../functions/callers.ts';
import { recordEvent } from '../../functions/webhooks/recorded.ts';
import { OpenStream } from './open-stream.ts';

const STREAM = '/whatsapp/events/stream';

let api: ApiUnderTest | undefined;
const streams: OpenStream[] = [];
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.leave();
  await api?.close();
  api = undefined;
});

type Scene = { api: ApiUnderTest; account: Account; instance: OwnedInstance };

async function start({ commentEveryMs = 60_000, streamsMax = 3 } = {}): Promise<Scene> {
  api = await startApi({ streams: { commentEveryMs, streamsMax } });
  const account = await anAccount(api);
  return { api, account, instance: await anInstance(api, account) };
}

async function open(
  { api: { url }, instance }: Scene,
  { query = {}, headers = {} }: { query?: object; headers?: Record<string, string> } = {},
): Promise<OpenStream> {
  const search = new URLSearchParams({ ...instance.credentials, ...query });
  const stream = await OpenStream.open(`${url}${STREAM}?${search}`, headers);
  streams.push(stream);
  return stream;
}

it('tells of what is kept, and of each event as it happens', async () => {
  const scene = await start();
  const first = await recordEvent(scene.api, scene.instance, { data: { body: 'a\nb\r\n\u2028' } });
  const stream = await open(scene);
  expect(stream.status).toBe(200);
  expect(stream.contentType).toBe('text/event-stream');
  await stream.untilEvents(1);
  const second = await recordEvent(scene.api, scene.instance, { event: 'onAck' });
  await stream.untilEvents(2);

  expect(stream.events).toEqual(
    [first, second].map((event) => ({
      id: toEventCursor(event.instance_id, event.seq),
      event: event.event,
      data: JSON.stringify(event),
    })),
  );
});

it('goes on after the last event that was seen', async () => {
  const scene = await start();
  for (let count = 0; count < 3; count += 1) await recordEvent(scene.api, scene.instance);
  const before = await open(scene);
  await before.untilEvents(3);
  const seen = before.events[1]?.id ?? '';
  const stream = await open(scene, {
    headers: { 'last-event-id': seen },
    query: { after: 'latest' },
  });
  await stream.untilEvents(1);

  expect(stream.events.map(({ id }) => id)).toEqual([before.events[2]?.id]);
});

it('begins with what comes next after "latest", and names where that is', async () => {
  const scene = await start();
  await recordEvent(scene.api, scene.instance);
  const stream = await open(scene, { query: { after: 'latest' } });
  await stream.untilText(`id: ${toEventCursor(scene.instance.id, 1)}\n\n`);
  await recordEvent(scene.api, scene.instance);
  await stream.untilEvents(1);

  expect(stream.events[0]?.id).toBe(toEventCursor(scene.instance.id, 2));
});

it('tells of the events that are asked for alone', async () => {
  const scene = await start();
  await recordEvent(scene.api, scene.instance);
  await recordEvent(scene.api, scene.instance, { event: 'onAck' });
  const stream = await open(scene, { query: { events: 'onAck' } });
  await stream.untilEvents(1);

  expect(stream.events.map(({ event }) => event)).toEqual(['onAck']);
});

it('says when events are gone that were not seen', async () => {
  const scene = await start();
  await recordEvent(scene.api, scene.instance);
  const before = await open(scene);
  await before.untilEvents(1);
  before.leave();
  await recordEvent(scene.api, scene.instance, { ts: 0 });
  await recordEvent(scene.api, scene.instance);
  const stream = await open(scene, { headers: { 'last-event-id': before.events[0]?.id ?? '' } });
  await stream.untilEvents(2);

  expect(stream.events.map(({ event }) => event)).toEqual(['missed', 'onMessage']);
});

it('tells of more than a connection takes at once, in order', async () => {
  const scene = await start();
  const data = 'x'.repeat(200_000);
  for (let count = 0; count < 40; count += 1)
    await recordEvent(scene.api, scene.instance, { data });
  const stream = await open(scene);
  await stream.untilEvents(40);

  const expected = Array.from({ length: 40 }, (_, index) =>
    toEventCursor(scene.instance.id, index + 1),
  );
  expect(stream.events.map(({ id }) => id)).toEqual(expected);
});

it('sends a comment when nothing happens', async () => {
  const scene = await start({ commentEveryMs: 1 });
  const stream = await open(scene);

  await stream.untilText(': waiting\n\n');
  expect(stream.events).toEqual([]);
});

it('is refused in plain JSON before it begins', async () => {
  const scene = await start();
  const { session_id } = scene.instance.credentials;
  const refused = async (search: string, headers = {}) =>
    await call(scene.api, `GET ${STREAM}?${search}`, { headers });

  expect((await refused(`session_id=${session_id}`)).status).toBe(401);
  const { headers } = await anAccount(scene.api);
  expect((await refused(`session_id=${session_id}`, headers)).status).toBe(404);
  const mine = new URLSearchParams({ ...scene.instance.credentials, limit: '0' });
  expect(faultPaths(await refused(`${mine}`))).toEqual(['limit']);
  const unknown = new URLSearchParams(scene.instance.credentials);
  expect(faultPaths(await refused(`${unknown}`, { 'last-event-id': 'x' }))).toEqual(['after']);
});

it('ends when the credentials hold no more', async () => {
  const scene = await start();
  const { credentials, id } = scene.instance;
  const stream = await open(scene);
  const { headers } = scene.account;
  await call(scene.api, `DELETE /whatsapp/${id}?session_id=${credentials.session_id}`, { headers });

  await stream.untilEnd();
});

it('takes so many and no more, until one goes', async () => {
  const scene = await start({ streamsMax: 2 });
  const first = await open(scene);
  await open(scene);
  const search = new URLSearchParams(scene.instance.credentials);
  const refused = await call(scene.api, `GET ${STREAM}?${search}`);
  expect(refused.status).toBe(503);
  expect(errorOf(refused).code).toBe('unavailable');

  first.leave();
  await expect.poll(async () => (await open(scene)).status, { timeout: 5_000 }).toBe(200);
});

it('ends when the gateway closes', async () => {
  const scene = await start();
  const stream = await open(scene);
  await scene.api.close();
  api = undefined;

  await stream.untilEnd();
});

it('leaves other calls of its path alone', async () => {
  const scene = await start();

  expect((await call(scene.api, `POST ${STREAM}`, { json: {} })).status).toBe(405);
});
