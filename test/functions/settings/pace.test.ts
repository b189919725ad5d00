import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Doorbell, shardQueueSettings } from '#shared/contracts/doorbell.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  anAccount,
  anInstance,
  call,
  dataOf,
  errorOf,
  faultPaths,
  LINKED_USER,
  type OwnedInstance,
  recordOf,
  report,
} from '../callers.ts';
import { PACE, updated } from './settings-calls.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const YOUNG = {
  on: true,
  per_minute: 8,
  burst: 5,
  chat_gap_ms: 1_000,
  new_chats_per_day: 50,
  typing: true,
};
const SOURCES = {
  on: 'deployment',
  per_minute: 'young_number',
  burst: 'young_number',
  chat_gap_ms: 'young_number',
  new_chats_per_day: 'young_number',
  typing: 'young_number',
};

let api: ApiUnderTest;
let account: Account;
let first: OwnedInstance;
let second: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  account = await anAccount(api);
  first = await anInstance(api, account);
  second = await anInstance(api, account);
});

async function put(json: object, headers = account.headers): Promise<Answer> {
  return await call(api, PACE, { headers, json });
}

/** The instances whose runners were told to look, since this was last asked. */
async function rungFor({ storage, deps }: ApiUnderTest): Promise<string[]> {
  const rung: string[] = [];
  for (let shard = 0; shard < deps.config.shardCount; shard += 1) {
    const queue = storage.openQueue(shardQueueSettings(shard));
    const receive = async () => await queue.receive({ max: 10, waitMs: 0 });
    for (let bells = await receive(); bells.length > 0; bells = await receive()) {
      for (const { body, ack } of bells) {
        await ack();
        rung.push(Doorbell.parse(JSON.parse(body)).instanceId);
      }
    }
  }
  return rung;
}

async function shown(instance: OwnedInstance): Promise<unknown> {
  const { session_id } = instance.credentials;
  const { headers } = account;
  const answer = await call(api, `GET /whatsapp/pace?session_id=${session_id}`, { headers });
  expect(answer.status).toBe(200);
  return dataOf(answer, z.unknown());
}

describe('GET /whatsapp/pace', () => {
  it('shows what holds when nothing was set, and why', async () => {
    expect(await shown(first)).toEqual({ ...YOUNG, linkedAt: null, source: SOURCES });
  });

  it('knows when a number has grown old', async () => {
    const linkedAt = new Date(api.clock.now.getTime() - 7 * DAY_MS).toISOString();
    await report(api, first, { status: 'CONNECTED', user: LINKED_USER, linkedAt });

    expect(await shown(first)).toMatchObject({
      per_minute: 20,
      new_chats_per_day: 0,
      linkedAt,
      source: { on: 'deployment', per_minute: 'default' },
    });
  });

  it('is open to the instance itself, and to nobody else', async () => {
    const others = await anAccount(api);
    const { session_id } = first.credentials;
    const answers = [
      await call(api, `GET /whatsapp/pace${first.query}`),
      await call(api, `GET /whatsapp/pace?session_id=${session_id}`, { headers: others.headers }),
      await call(api, `GET /whatsapp/pace?session_id=${session_id}`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 404, 401]);
  });

  it('says that there is none where the deployment wants none', async () => {
    const quick = await startApi({ config: { paceByDefault: false } });
    try {
      const { query } = await anInstance(quick, await anAccount(quick));
      const answer = await call(quick, `GET /whatsapp/pace${query}`);
      expect(dataOf(answer, z.unknown())).toMatchObject({
        on: false,
        source: { on: 'deployment' },
      });
    } finally {
      await quick.close();
    }
  });
});

describe('PUT /whatsapp/updatePace', () => {
  it('changes all of the account, and counts them', async () => {
    const change = { on: false, per_minute: 600, burst: 100, chat_gap_ms: 0 };
    expect((await put(change)).json).toEqual(updated(2, 2));
    expect((await put(change)).json).toEqual(updated(0, 2));

    for (const instance of [first, second]) {
      expect((await recordOf(api, instance))?.pace).toEqual(change);
      expect(await shown(instance)).toMatchObject({
        ...YOUNG,
        ...change,
        source: { ...SOURCES, on: 'set', per_minute: 'set', burst: 'set', chat_gap_ms: 'set' },
      });
    }
  });

  it('changes one that is named, or that calls for itself', async () => {
    const { session_id } = first.credentials;
    expect((await put({ session_id, burst: 1 })).json).toEqual(updated(1, 1));
    const byItself = await put({ ...first.credentials, new_chats_per_day: 0 }, {});
    expect(byItself.json).toEqual(updated(1, 1));

    expect((await recordOf(api, first))?.pace).toEqual({ burst: 1, new_chats_per_day: 0 });
    expect((await recordOf(api, second))?.pace).toBeUndefined();
  });

  it('rings for those that it changed, and for no other', async () => {
    const { session_id } = first.credentials;
    await rungFor(api);
    await put({ session_id, burst: 1 });
    expect(await rungFor(api)).toEqual([first.id]);
    await put({ burst: 1 });
    expect(await rungFor(api)).toEqual([second.id]);
    await put({ burst: 1 });
    expect(await rungFor(api)).toEqual([]);
  });

  it('takes a setting back to its default', async () => {
    await put({ on: true, burst: 9, typing: false });
    expect((await put({ on: null, burst: null })).json).toEqual(updated(2, 2));

    expect((await recordOf(api, first))?.pace).toEqual({ typing: false });
  });

  it('takes a form', async () => {
    const body = new URLSearchParams({ per_minute: '30', typing: 'false' }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = { ...account.headers, ...type };

    expect((await call(api, PACE, { headers, body })).json).toEqual(updated(2, 2));
    expect((await recordOf(api, first))?.pace).toEqual({ per_minute: 30, typing: false });
  });

  it.each([
    [{}, ['on']],
    [{ per_minute: 0 }, ['per_minute']],
    [{ per_minute: 601, burst: 0 }, ['burst', 'per_minute']],
    [{ burst: 1.5 }, ['burst']],
    [{ chat_gap_ms: 60_001, new_chats_per_day: 10_001 }, ['chat_gap_ms', 'new_chats_per_day']],
    [{ on: 'perhaps' }, ['on']],
    [{ typing: 1 }, ['typing']],
    [{ per_minutes: 5, burst: 2 }, ['per_minutes']],
  ])('refuses %j with the path of each fault', async (json, paths) => {
    const answer = await put(json);

    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('validation_failed');
    expect(faultPaths(answer).sort()).toEqual(paths);
    expect((await recordOf(api, first))?.pace).toBeUndefined();
  });
});
