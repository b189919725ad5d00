import { expect, it } from 'vitest';
import { type Condition, ConditionFailed, type Item, type Table } from '#shared/storage/table.ts';
import { aPartition, type GetTable, put } from './aids.ts';

const ATTRIBUTES = {
  text: 'b',
  number: 10,
  nothing: null,
  no: false,
  list: [1, { a: 'x' }],
  map: { a: 1, b: ['x', null] },
};

/** Reserved by DynamoDB, part of its language, or a word of JavaScript. */
const ODD_NAMES = ['size', 'status', 'a.b', 'a-b', '#n0', ':v0', 'l[0]', ' ', 'constructor'];

const HOLD: readonly (readonly [string, Condition])[] = [
  ['a missing attribute is absent', { kind: 'absent', field: 'missing' }],
  ['an attribute is present', { kind: 'present', field: 'text' }],
  ['null is present', { kind: 'present', field: 'nothing' }],
  ['false is present', { kind: 'present', field: 'no' }],
  ['the key is present', { kind: 'present', field: 'sk' }],
  ['an equal text', { kind: 'equals', field: 'text', value: 'b' }],
  ['an equal number', { kind: 'equals', field: 'number', value: 10 }],
  ['an equal null', { kind: 'equals', field: 'nothing', value: null }],
  ['an equal list', { kind: 'equals', field: 'list', value: [1, { a: 'x' }] }],
  [
    'an equal map in other order',
    { kind: 'equals', field: 'map', value: { b: ['x', null], a: 1 } },
  ],
  ['a smaller number', { kind: 'lessThan', field: 'number', value: 10.5 }],
  ['a smaller text', { kind: 'lessThan', field: 'text', value: 'ba' }],
  ['a smaller text by bytes', { kind: 'lessThan', field: 'text', value: 'é' }],
  [
    'all of and',
    {
      kind: 'and',
      all: [
        { kind: 'present', field: 'text' },
        { kind: 'lessThan', field: 'number', value: 11 },
      ],
    },
  ],
  [
    'one of or, nested',
    {
      kind: 'or',
      any: [
        { kind: 'absent', field: 'text' },
        {
          kind: 'and',
          all: [
            { kind: 'equals', field: 'no', value: false },
            { kind: 'absent', field: 'missing' },
          ],
        },
      ],
    },
  ],
];

const FAIL: readonly (readonly [string, Condition])[] = [
  ['absent of an attribute', { kind: 'absent', field: 'text' }],
  ['absent of a null', { kind: 'absent', field: 'nothing' }],
  ['present of a missing attribute', { kind: 'present', field: 'missing' }],
  ['another text', { kind: 'equals', field: 'text', value: 'B' }],
  ['a number as text', { kind: 'equals', field: 'number', value: '10' }],
  ['equals of a missing attribute', { kind: 'equals', field: 'missing', value: null }],
  ['a longer list', { kind: 'equals', field: 'list', value: [1, { a: 'x' }, 2] }],
  ['a list in other order', { kind: 'equals', field: 'list', value: [{ a: 'x' }, 1] }],
  ['a map with more', { kind: 'equals', field: 'map', value: { a: 1, b: ['x', null], c: 1 } }],
  ['a map with less', { kind: 'equals', field: 'map', value: { a: 1 } }],
  ['lessThan of an equal number', { kind: 'lessThan', field: 'number', value: 10 }],
  ['lessThan of a missing attribute', { kind: 'lessThan', field: 'missing', value: 10 }],
  ['lessThan of another type', { kind: 'lessThan', field: 'number', value: '99' }],
  ['lessThan of null', { kind: 'lessThan', field: 'nothing', value: 1 }],
  [
    'one false part of and',
    {
      kind: 'and',
      all: [
        { kind: 'present', field: 'text' },
        { kind: 'present', field: 'missing' },
      ],
    },
  ],
  [
    'no true part of or',
    {
      kind: 'or',
      any: [
        { kind: 'absent', field: 'text' },
        { kind: 'equals', field: 'number', value: 11 },
      ],
    },
  ],
];

const IS_THERE: Condition = { kind: 'present', field: 'pk' };

export function conditionCases(table: GetTable): void {
  it.each(HOLD)('holds: %s', async (_name, condition) => {
    const item = { pk: aPartition(), sk: 'a', ...ATTRIBUTES };
    await table().write(put(item));
    await table().write({ kind: 'check', key: item, condition });
    await expectAllKindsToWrite(table(), item, condition);
  });

  it.each(FAIL)('does not hold: %s', async (_name, condition) => {
    const item = { pk: aPartition(), sk: 'a', ...ATTRIBUTES };
    await table().write(put(item));
    await expectAllKindsToFail(table(), item, condition);
    expect(await table().get(item)).toEqual(item);
  });

  it('sees no attributes where no item is', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write({ kind: 'check', key, condition: { kind: 'absent', field: 'text' } });
    await expectAllKindsToFail(table(), key, { kind: 'equals', field: 'text', value: 'b' });
    expect(await table().get(key)).toBeUndefined();
  });

  it.each(ODD_NAMES)('takes the name %s literally', async (field) => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write(put({ ...key, [field]: 1 }));
    const is = (value: number): Condition => ({ kind: 'equals', field, value });
    const set = { [field]: 2 };
    const after = await table().update({ kind: 'update', key, set, condition: is(1) });
    expect(after).toEqual({ ...key, [field]: 2 });
    await table().write({ kind: 'update', key, add: { [field]: 1 }, condition: is(2) });
    await table().write({ kind: 'update', key, remove: [field], condition: is(3) });
    await table().write({ kind: 'check', key, condition: { kind: 'absent', field } });
    expect(await table().get(key)).toEqual(key);
  });

  it('holds for all of nothing, and not for one of nothing', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    for (const there of [false, true]) {
      await table().write({ kind: 'check', key, condition: { kind: 'and', all: [] } });
      await expectAllKindsToFail(table(), key, { kind: 'or', any: [] });
      if (!there) await table().write(put(key));
    }
    await table().write({ kind: 'check', key, condition: IS_THERE });
  });

  it('orders texts by UTF-8 and not by UTF-16', async () => {
    const item = { pk: aPartition(), sk: 'a', text: '\u{ff5e}' };
    await table().write(put(item));
    const condition = { kind: 'lessThan', field: 'text', value: '\u{1f600}' } as const;
    await table().write({ kind: 'check', key: item, condition });
  });
}

async function expectAllKindsToWrite(table: Table, item: Item, condition: Condition) {
  await table.write({ kind: 'update', key: keyOf(item), set: { later: 1 }, condition });
  await table.write({ ...put({ ...item, later: 2 }), condition });
  await table.write({ kind: 'delete', key: keyOf(item), condition });
  expect(await table.get(item)).toBeUndefined();
}

async function expectAllKindsToFail(table: Table, item: Item, condition: Condition) {
  const key = keyOf(item);
  const attempts = [
    () => table.write({ kind: 'check', key, condition }),
    () => table.write({ ...put({ ...item, later: 1 }), condition }),
    () => table.write({ kind: 'update', key, set: { later: 1 }, condition }),
    () => table.write({ kind: 'delete', key, condition }),
    () => table.update({ kind: 'update', key, set: { later: 1 }, condition }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toBeInstanceOf(ConditionFailed);
}

function keyOf({ pk, sk }: Item) {
  return { pk, sk };
}
