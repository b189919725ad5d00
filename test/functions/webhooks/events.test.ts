import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseEventCursor, toEventCursor } from '#functions/webhooks/event-cursor.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  anAccount,
  anInstance,
  call,
  dataOf,
  errorOf,
  faultPaths,
  type OwnedInstance,
} from '../callers.ts';
import { recordEvent } from './recorded.ts';

const DAY_MS = 24 * 3_600_000;

const Pulled = z.strictObject({
  events: z.array(z.object({ seq: z.number() }).loose()),
  cursor: z.string(),
  has_more: z.boolean(),
  missed: z.boolean(),
});

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => await api.close());
beforeEach(async () => {
  instance = await anInstance(api, account);
});

async function ask(query: Record<string, string> = {}) {
  const search = new URLSearchParams({ ...instance.credentials, ...query });
  return await call(api, `GET /whatsapp/events?${search}`);
}

async function pull(query: Record<string, string> = {}): Promise<z.infer<typeof Pulled>> {
  return dataOf(await ask(query), Pulled);
}

async function record(count: number, said: Parameters<typeof recordEvent>[2] = {}) {
  for (let made = 0; made < count; made += 1) await recordEvent(api, instance, said);
}

const seqs = ({ events }: z.infer<typeof Pulled>) => events.map(({ seq }) => seq);

describe('GET /whatsapp/events', () => {
  it('gives what a webhook would get, without one', async () => {
    const event = await recordEvent(api, instance, { data: { body: 'Hi' } });
    const answer = await ask();

    expect(dataOf(answer, Pulled)).toMatchObject({
      events: [event],
      has_more: false,
      missed: false,
    });
    expect(answer.text).toContain(JSON.stringify(event));
  });

  it('goes on after what was told, the oldest first', async () => {
    await record(5);
    const first = await pull({ limit: '2' });
    const second = await pull({ limit: '2', after: first.cursor });
    const third = await pull({ limit: '2', after: second.cursor });
    expect([first, second, third].map(seqs)).toEqual([[1, 2], [3, 4], [5]]);
    expect([first, second, third].map(({ has_more }) => has_more)).toEqual([true, true, false]);

    const none = await pull({ after: third.cursor });
    expect(none).toEqual({ events: [], cursor: third.cursor, has_more: false, missed: false });
    await record(1);
    expect(seqs(await pull({ after: none.cursor }))).toEqual([6]);
  });

  it.each(['now', 'latest'])('begins with what comes next after %s', async (after) => {
    await record(3);
    const { events, cursor } = await pull({ after });
    expect(events).toEqual([]);

    await record(1);
    expect(seqs(await pull({ after: cursor }))).toEqual([4]);
  });

  it('gives those of some names, and its cursor passes the others', async () => {
    await record(1, { event: 'onAck' });
    await record(3);
    const { events, cursor } = await pull({ events: 'ack,onLogout' });
    expect(events).toMatchObject([{ event: 'onAck', seq: 1 }]);

    expect(seqs(await pull({ after: cursor }))).toEqual([]);
  });

  it('says that events are gone, when they are', async () => {
    const old = { ts: api.clock.now.getTime() - 8 * DAY_MS };
    await record(1);
    const { cursor } = await pull();
    await record(2, old);
    expect(await pull({ after: cursor })).toMatchObject({ events: [], missed: true });
    await record(1);

    expect(await pull({ after: cursor })).toMatchObject({ events: [{ seq: 4 }], missed: true });
    const { cursor: after } = await pull({ after: cursor });
    expect(await pull({ after })).toMatchObject({ events: [], missed: false });
  });

  it('says so to who has seen that there were none, too', async () => {
    const { cursor } = await pull();
    await record(1, { ts: api.clock.now.getTime() - 8 * DAY_MS });
    await record(1);

    expect(await pull({ after: cursor })).toMatchObject({ events: [{ seq: 2 }], missed: true });
  });

  it('says nothing of the sort to who begins with the oldest that is kept', async () => {
    await record(2, { ts: api.clock.now.getTime() - 8 * DAY_MS });
    await record(1);

    expect(await pull()).toMatchObject({ events: [{ seq: 3 }], missed: false });
  });

  it('answers no more at once than a Lambda can', async () => {
    await record(30, { data: 'x'.repeat(300_000) });
    const first = await pull({ limit: '100' });
    expect(first.events.length).toBeGreaterThan(1);
    expect(JSON.stringify(first).length).toBeLessThan(4 * 1_024 * 1_024 + 10_000);
    expect(first.has_more).toBe(true);

    const second = await pull({ limit: '100', after: first.cursor });
    expect(seqs(second)[0]).toBe(first.events.length + 1);
  });

  it.each([
    [{ limit: '101' }, 'limit'],
    [{ limit: 'all' }, 'limit'],
    [{ wait: '21' }, 'wait'],
    [{ wait: '-1' }, 'wait'],
    [{ wait: 'long' }, 'wait'],
    [{ events: 'onNothing' }, 'events.0'],
    [{ after: 'x' }, 'after'],
    [{ after: '1' }, 'after'],
    [{ after: 'x'.repeat(300) }, 'after'],
  ])('refuses %j at its path', async (query, path) => {
    const answer = await ask(query);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
  });

  it('takes no cursor of another instance, or of what is still to come', async () => {
    await record(2);
    const other = await anInstance(api, account);
    for (const after of [toEventCursor(other.id, 1), toEventCursor(instance.id, 3)]) {
      expect(faultPaths(await ask({ after }))).toEqual(['after']);
    }
  });

  it('opens to its account, and to no other', async () => {
    await record(1);
    const { session_id } = instance.credentials;
    const path = `GET /whatsapp/events?session_id=${session_id}`;
    expect((await call(api, path, { headers: account.headers })).status).toBe(200);
    const { headers } = await anAccount(api);
    expect((await call(api, path, { headers })).status).toBe(404);
    expect((await call(api, path)).status).toBe(401);
  });
});

describe('a long poll', () => {
  it('is answered as soon as something happens', async () => {
    const { cursor } = await pull();
    const polled = pull({ after: cursor, wait: '20' });
    await record(1);

    expect(seqs(await polled)).toEqual([1]);
  });

  it('goes on while only other events happen, and its cursor passes them', async () => {
    const slow = await startApi({ hurry: 20 });
    try {
      const mine = await anInstance(slow, await anAccount(slow));
      const search = new URLSearchParams({ ...mine.credentials, events: 'onAck', wait: '20' });
      const polled = call(slow, `GET /whatsapp/events?${search}`);
      await recordEvent(slow, mine);
      await recordEvent(slow, mine, { event: 'onAck' });

      const told = dataOf(await polled, Pulled);
      expect(told).toMatchObject({ events: [{ event: 'onAck', seq: 2 }] });
      expect(told.cursor).toBe(toEventCursor(mine.id, 2));
    } finally {
      await slow.close();
    }
  });

  it('is answered without events when the time is over', async () => {
    expect(await pull({ wait: '2' })).toMatchObject({ events: [], has_more: false });
  });
});

describe('GET /whatsapp/events/stream, where no stream can be held', () => {
  it('is a 501 that says what to do', async () => {
    const search = new URLSearchParams(instance.credentials);
    const answer = await call(api, `GET /whatsapp/events/stream?${search}`);

    expect(answer.status).toBe(501);
    expect(errorOf(answer).code).toBe('not_available');
    expect(answer.text).toContain('wait=20');
  });

  it('tells strangers nothing', async () => {
    const { session_id } = instance.credentials;
    const path = `GET /whatsapp/events/stream?session_id=${session_id}`;
    expect((await call(api, path)).status).toBe(401);
    const { headers } = await anAccount(api);
    expect((await call(api, path, { headers })).status).toBe(404);
  });
});

describe('the cursor of events', () => {
  const ID = '61c08cdf2ff357329471bbb1';

  it('names the number that it was made of', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 }), (seq) => {
        expect(parseEventCursor(ID, toEventCursor(ID, seq))).toBe(seq);
      }),
    );
  });

  it('is nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        expect(parseEventCursor(ID, text)).toBeUndefined();
      }),
    );
    for (const bad of [
      `${ID}.`,
      `${ID}.-1`,
      `${ID}.01`,
      `${ID}.1.2`,
      `${ID}.${Number.MAX_SAFE_INTEGER}`,
    ]) {
      expect(parseEventCursor(ID, Buffer.from(bad).toString('base64url'))).toBeUndefined();
    }
  });
});
