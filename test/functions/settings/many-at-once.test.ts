import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { toGroupedHex } from '#shared/domain/identifier.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { Table } from '#shared/storage/table.ts';
import { anInstance as aRecord } from '../../shared/domain/an-instance.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  anAccount,
  anInstance,
  call,
  dataOf,
  type OwnedInstance,
  recordOf,
} from '../callers.ts';

const Counts = z.object({ modifiedCount: z.int(), matchedCount: z.int() });

/** Fields, each with a value that it has not yet. */
const CHANGES: readonly (readonly [string, Record<string, unknown>])[] = [
  ['updateGeneral', { bot_name: 'Another' }],
  ['updateGeneral', { bot_timezone: '+2' }],
  ['updateGeneral', { bot_lang: 'sn' }],
  ['updateGeneral', { default_msg: 'Hello' }],
  ['updateGeneral', { default_msg: false }],
  ['updateActions', { reply_group_msgs: false }],
  ['updateActions', { reply_unread_msgs: false }],
  ['updateActions', { reply_msgs: false }],
  ['updateActions', { multi_device: true }],
  ['updateActions', { send_webhook: true }],
  ['updateActiveDays', { monday: false }],
  ['updateActiveDays', { tuesday: false }],
  ['updateActiveDays', { wednesday: false }],
  ['updateActiveDays', { thursday: false }],
  ['updateActiveDays', { friday: false }],
  ['updateActiveDays', { saturday: false }],
  ['updateActiveDays', { sunday: false }],
  ['updateActiveHours', { from: '22:00', to: '6:00' }],
  ['updateActiveHours', { from: '22:00', to: '6:00' }],
  ['updateActiveDays', { monday: false }],
  ['updatePace', { burst: 2 }],
  ['updatePace', { typing: false }],
];

/** As far away as DynamoDB: what is read is some milliseconds old before anything can be made of it. */
const DISTANCE_MS = 5;

function distantTable(near: () => Table): Table {
  return {
    async get(key) {
      const item = await near().get(key);
      await delay(DISTANCE_MS);
      return item;
    },
    query: async (query) => await near().query(query),
    write: async (...ops) => await near().write(...ops),
    update: async (op) => await near().update(op),
  };
}

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  const instances = new InstanceRepository(distantTable(() => api.storage.table));
  // The pauses between two tries are as long as they are in use, too: they must suit such a table.
  const sleep = async (delayMs: number) => await delay(delayMs);
  api = await startApi({ deps: { instances, sleep } });
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  account = await anAccount(api);
  instance = await anInstance(api, account);
});

it('keeps what every one of many calls at once says, and counts each change once', async () => {
  const { headers } = account;
  const answers = await Promise.all(
    CHANGES.map(([route, json]) => call(api, `PUT /whatsapp/${route}`, { headers, json })),
  );

  expect(answers.map(({ status }) => status)).toEqual(CHANGES.map(() => 200));
  const counts = answers.map((answer) => dataOf(answer, Counts));
  expect(counts.every(({ matchedCount }) => matchedCount === 1)).toBe(true);
  expect(counts.reduce((sum, { modifiedCount }) => sum + modifiedCount, 0)).toBe(20);
  const record = await recordOf(api, instance);
  expect(record?.pace).toEqual({ burst: 2, typing: false });
  expect(record?.settings).toEqual({
    bot_name: 'Another',
    bot_timezone: '+2',
    bot_lang: 'sn',
    default_msg: 'Hello',
    actions: {
      send_default_msg: false,
      reply_group_msgs: false,
      reply_unread_msgs: false,
      reply_msgs: false,
      multi_device: true,
      send_webhook: true,
    },
    active_days: {
      monday: false,
      tuesday: false,
      wednesday: false,
      thursday: false,
      friday: false,
      saturday: false,
      sunday: false,
    },
    active_hours: { from: '22:00', to: '06:00' },
  });
});

it('keeps the device setting of init beside them', async () => {
  const { headers } = account;
  const [started, updated] = await Promise.all([
    call(api, 'POST /whatsapp/init', {
      json: { ...instance.credentials, config: { multiDevice: true } },
    }),
    call(api, 'PUT /whatsapp/updateActions', { headers, json: { reply_msgs: false } }),
  ]);

  expect([started.status, updated.status]).toEqual([204, 200]);
  expect((await recordOf(api, instance))?.settings.actions).toMatchObject({
    multi_device: true,
    reply_msgs: false,
  });
});

it('changes more instances than the table gives in one page', async () => {
  const { accountId, headers } = account;
  const others = Array.from({ length: 220 }, (_, index) => {
    const bytes = new Uint8Array(16).fill(index);
    return aRecord({
      accountId,
      instanceId: (0xa000 + index).toString(16).padStart(24, '0'),
      sessionId: toGroupedHex(bytes),
    });
  });
  for (const other of others) await api.deps.instances.create(other);
  const json = { bot_name: 'All of us' };
  const answer = await call(api, 'PUT /whatsapp/updateGeneral', { headers, json });

  expect(dataOf(answer, Counts)).toMatchObject({ modifiedCount: 221, matchedCount: 221 });
  const names = (await api.deps.instances.listByAccount(accountId)).map(
    ({ settings }) => settings.bot_name,
  );
  expect(new Set(names)).toEqual(new Set(['All of us']));
});
