import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import { KeywordRepository } from '#shared/repositories/keyword-repository.ts';
import { KnownRules } from '#shared/repositories/known-rules.ts';
import { aRule } from '../bot/a-bot.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

let open: OpenTable;
let keywords: KeywordRepository;
/** Whose rules were read from the table, in this order. */
let loads: string[];
let known: KnownRules;
let made = 0;
let ada: string;
let bob: string;
let eve: string;
beforeAll(async () => {
  open = await openTable();
  keywords = new KeywordRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  loads = [];
  const counted = {
    version: async (instanceId: string) => await keywords.version(instanceId),
    all: async (instanceId: string) => {
      loads.push(instanceId);
      return await keywords.all(instanceId);
    },
  };
  known = new KnownRules(counted, 2);
  [ada, bob, eve] = [anId(made), anId(made + 1), anId(made + 2)];
  made += 3;
});

async function teach(instanceId: string): Promise<KeywordRule> {
  const rule = aRule({ instanceId });
  await keywords.create(rule);
  return rule;
}

it('answers the very same rules as long as none has changed', async () => {
  const rule = await teach(ada);
  const first = await known.of(ada);

  expect(first).toEqual([rule]);
  expect(await known.of(ada)).toBe(first);
  expect(loads).toEqual([ada]);
});

it('reads them anew after each change, and after the last was taken away', async () => {
  const rule = await teach(ada);
  await known.of(ada);
  const changed = { ...rule, keywords: ['cost'] };
  await keywords.replace(changed);
  expect(await known.of(ada)).toEqual([changed]);

  await keywords.remove(rule);
  expect(await known.of(ada)).toEqual([]);
  expect(loads).toEqual([ada, ada, ada]);
});

it('reads nothing of an instance that never had a rule', async () => {
  expect(await known.of(ada)).toEqual([]);
  expect(loads).toEqual([]);
});

it('forgets the instance that was asked for longest ago, when it knows as many as it may', async () => {
  for (const each of [ada, bob, eve]) await teach(each);
  for (const each of [ada, bob, ada, eve, ada, bob]) await known.of(each);

  expect(loads).toEqual([ada, bob, eve, bob]);
});
