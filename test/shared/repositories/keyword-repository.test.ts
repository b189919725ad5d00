import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeywordRule } from '#shared/bot/keyword-rule.ts';
import { keys } from '#shared/repositories/keys.ts';
import { KEYWORD_RULES_MAX, KeywordRepository } from '#shared/repositories/keyword-repository.ts';
import { ConditionFailed } from '#shared/storage/table.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

const AT = '2026-11-22T10:00:00.000Z';

let open: OpenTable;
let keywords: KeywordRepository;
let instanceId: string;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  keywords = new KeywordRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  made += 1;
  instanceId = anId(made);
});

function aRule(number: number, change: Partial<KeywordRule> = {}): KeywordRule {
  return {
    accountId: anId(777_777),
    instanceId,
    keywordId: anId(number),
    keywords: ['price'],
    match: 'word',
    caseSensitive: false,
    accentSensitive: false,
    priority: 0,
    chats: 'all',
    enabled: true,
    reply: { type: 'text', text: `Answer ${number}` },
    createdAt: AT,
    updatedAt: AT,
    ...change,
  };
}

describe('a keyword rule', () => {
  it('is read as it was written, of its own instance alone', async () => {
    const rule = aRule(1, {
      reply: { type: 'media', kind: 'image', source: { kind: 'url', url: 'https://a.example/b' } },
    });
    expect(await keywords.create(rule)).toBe('created');

    expect(await keywords.get(rule)).toEqual(rule);
    expect(await keywords.get({ ...rule, instanceId: anId(999_999) })).toBeUndefined();
  });

  it('does not take an id that is taken', async () => {
    await keywords.create(aRule(1));
    const second = keywords.create(aRule(1, { keywords: ['other'] }));

    await expect(second).rejects.toBeInstanceOf(ConditionFailed);
    expect(await keywords.get(aRule(1))).toEqual(aRule(1));
  });

  it('is replaced and removed where it is, and nowhere else', async () => {
    await keywords.create(aRule(1));
    const stranger = anId(999_999);
    expect(await keywords.replace(aRule(1, { instanceId: stranger }))).toBe(false);
    expect(await keywords.remove({ instanceId: stranger, keywordId: anId(1) })).toBe(false);
    expect(await keywords.version(stranger)).toBe(0);

    expect(await keywords.replace(aRule(1, { keywords: ['a', 'b'] }))).toBe(true);
    expect(await keywords.get(aRule(1))).toMatchObject({ keywords: ['a', 'b'] });
    expect(await keywords.remove(aRule(1))).toBe(true);
    expect(await keywords.remove(aRule(1))).toBe(false);
    expect(await keywords.get(aRule(1))).toBeUndefined();
  });
});

describe('the rules of an instance', () => {
  it('have another version after each change, and the same one otherwise', async () => {
    const seen = [await keywords.version(instanceId)];
    const changes = [
      () => keywords.create(aRule(1)),
      () => keywords.replace(aRule(1)),
      () => keywords.create(aRule(2)),
      () => keywords.remove(aRule(1)),
    ];
    for (const change of changes) {
      await change();
      seen.push(await keywords.version(instanceId));
    }
    await keywords.replace(aRule(1));
    await keywords.remove(aRule(1));

    expect(new Set(seen).size).toBe(changes.length + 1);
    expect(await keywords.version(instanceId)).toBe(seen.at(-1));
  });

  it('are all there, the oldest first, and in pages, newest first', async () => {
    for (const number of [3, 1, 2]) await keywords.create(aRule(number));
    await keywords.create(aRule(4, { instanceId: anId(999_998) }));

    const all = await keywords.all(instanceId);
    expect(all.map(({ keywordId }) => keywordId)).toEqual([1, 2, 3].map(anId));
    const first = await keywords.list(instanceId, { limit: 2 });
    const rest = await keywords.list(instanceId, { limit: 2, cursor: first.cursor });
    const ids = [...first.rules, ...rest.rules].map(({ keywordId }) => keywordId);
    expect(ids).toEqual([3, 2, 1].map(anId));
  });

  it('are counted, and not more than they may be', async () => {
    const key = keys.keywords(instanceId);
    await keywords.create(aRule(1));
    await open.table.write({ kind: 'update', key, set: { rules: KEYWORD_RULES_MAX - 1 } });

    expect(await keywords.create(aRule(2))).toBe('created');
    expect(await keywords.create(aRule(3))).toBe('full');
    expect(await keywords.replace(aRule(2))).toBe(true);
    await keywords.remove(aRule(1));
    expect(await keywords.create(aRule(3))).toBe('created');
    expect(await keywords.create(aRule(4))).toBe('full');
  });

  it('are counted right when many change at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, n) => keywords.create(aRule(n))));
    await Promise.all([0, 1, 2, 0].map((n) => keywords.remove(aRule(n))));

    expect(await open.table.get(keys.keywords(instanceId))).toMatchObject({ rules: 7 });
    expect(await keywords.all(instanceId)).toHaveLength(7);
  });
});
