import { describe, expect, it } from 'vitest';
import { UnknownOutcome } from '#shared/storage/aws/unknown-outcome.ts';
import type { Condition, WriteOp } from '#shared/storage/table.ts';
import { type Asked, fault, json, openOnWire } from './wire.ts';

const DONE = json({});
const KEY = { pk: 'p', sk: 's' };
const ABSENT: Condition = { kind: 'absent', field: 'pk' };
const PUT: WriteOp = {
  kind: 'put',
  item: { ...KEY, n: 1, more: { a: [null] } },
  condition: ABSENT,
};
const UPDATE = { kind: 'update', key: KEY, set: { n: 1 }, condition: ABSENT } as const;
const DELETE: WriteOp = { kind: 'delete', key: KEY };
const CHECK: WriteOp = { kind: 'check', key: KEY, condition: ABSENT };
const STORED = {
  pk: { S: 'p' },
  sk: { S: 's' },
  n: { N: '1.0' },
  more: { M: { a: { L: [{ NULL: true }] } } },
};
const REFUSED = fault('ConditionalCheckFailedException');

/** A transaction that was cancelled for these reasons. */
function cancelled(...codes: readonly string[]) {
  const CancellationReasons = codes.map((Code) => ({ Code }));
  return fault('TransactionCanceledException', { CancellationReasons });
}

function callsOf(asked: readonly Asked[]): readonly (string | undefined)[] {
  return asked.map(({ headers }) => String(headers['x-amz-target']).split('.')[1]);
}

describe('DynamoTable', () => {
  it('makes a transaction only of what needs one', async () => {
    const { storage, asked } = await openOnWire([DONE]);
    for (const op of [PUT, UPDATE, DELETE, CHECK]) await storage.table.write(op);
    await storage.table.write({ ...DELETE, key: { pk: 'p', sk: 'other' } }, PUT);
    expect(callsOf(asked)).toEqual([
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'TransactWriteItems',
      'TransactWriteItems',
    ]);
  });

  it('names an item by its key alone: DynamoDB refuses a key with anything more', async () => {
    const { storage, asked } = await openOnWire([DONE]);
    const key = { ...KEY, n: 1 };
    await storage.table.get(key);
    for (const op of [UPDATE, DELETE, CHECK]) await storage.table.write({ ...op, key });
    const Key = { pk: { S: 'p' }, sk: { S: 's' } };
    const bodies = asked.map(({ body }) => JSON.parse(body));
    expect(bodies.map((body) => body.TransactItems?.[0].ConditionCheck.Key ?? body.Key)).toEqual([
      Key,
      Key,
      Key,
      Key,
    ]);
  });

  it('reads strongly, except from the index', async () => {
    const { storage, asked } = await openOnWire([DONE]);
    await storage.table.get(KEY);
    await storage.table.query({ index: 'primary', partition: 'p' });
    await storage.table.query({ index: 'gsi1', partition: 'p' });
    expect(asked.map(({ body }) => JSON.parse(body).ConsistentRead)).toEqual([true, true, false]);
  });

  it('hides an item from the very second of its expiry', async () => {
    const Item = { ...STORED, expiresAt: { N: '100' } };
    const before = await openOnWire([json({ Item })], new Date(99_999));
    expect(await before.storage.table.get(KEY)).toMatchObject(KEY);
    const then = await openOnWire([json({ Item })], new Date(100_000));
    expect(await then.storage.table.get(KEY)).toBeUndefined();
  });

  it('gives a cursor for a page of which everything has expired', async () => {
    const Items = [{ ...STORED, expiresAt: { N: '1' } }];
    const LastEvaluatedKey = { pk: { S: 'p' }, sk: { S: 's' } };
    const { storage, asked } = await openOnWire([json({ Items, LastEvaluatedKey }), DONE]);
    const query = { index: 'primary', partition: 'p' } as const;
    const { items, cursor = '' } = await storage.table.query(query);
    expect(items).toEqual([]);
    expect(await storage.table.query({ ...query, cursor })).toEqual({ items: [] });
    expect(JSON.parse(asked[1]?.body ?? '').ExclusiveStartKey).toEqual(LastEvaluatedKey);
  });

  it.each([
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'RequestLimitExceeded',
  ])('tries again after %s', async (name) => {
    const { storage, asked } = await openOnWire([fault(name), DONE]);
    await storage.table.write(PUT);
    expect(asked).toHaveLength(2);
  });

  describe('a transaction', () => {
    it('names the first op that was refused', async () => {
      const { storage, asked } = await openOnWire([
        cancelled('None', 'ConditionalCheckFailed', 'ConditionalCheckFailed'),
      ]);
      const refused = storage.table.write(DELETE, { ...PUT, item: { pk: 'q', sk: 's' } });
      await expect(refused).rejects.toMatchObject({ name: 'ConditionFailed', opIndex: 1 });
      expect(asked).toHaveLength(1);
    });

    it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
      'is tried again when it was cancelled for %s, later and later',
      async (reason) => {
        const passing = cancelled('None', reason);
        const { storage, asked, sleptMs } = await openOnWire([passing, passing, DONE]);
        await storage.table.write(PUT, { ...DELETE, key: { pk: 'p', sk: 'other' } });
        expect(asked).toHaveLength(3);
        expect(sleptMs).toEqual([50, 100]);
      },
    );

    it('is not tried for ever', async () => {
      const { storage, asked } = await openOnWire([cancelled('TransactionConflict')]);
      await expect(storage.table.write(CHECK)).rejects.toMatchObject({
        name: 'TransactionCanceledException',
      });
      expect(asked).toHaveLength(7);
    });

    it('is refused when one op met another transaction and another its condition', async () => {
      const { storage, asked } = await openOnWire([
        cancelled('TransactionConflict', 'ConditionalCheckFailed'),
      ]);
      const refused = storage.table.write(DELETE, { ...PUT, item: { pk: 'q', sk: 's' } });
      await expect(refused).rejects.toMatchObject({ name: 'ConditionFailed', opIndex: 1 });
      expect(asked).toHaveLength(1);
    });

    it('fails for any other reason as it is', async () => {
      const { storage, asked } = await openOnWire([cancelled('ValidationError')]);
      await expect(storage.table.write(CHECK)).rejects.toMatchObject({
        name: 'TransactionCanceledException',
      });
      expect(asked).toHaveLength(1);
    });

    it('is the same one when its answer was lost', async () => {
      const { storage, asked } = await openOnWire(['lost', DONE]);
      await storage.table.write(CHECK);
      const tokens = asked.map(({ body }) => JSON.parse(body).ClientRequestToken);
      expect(tokens[0]).toMatch(/./);
      expect(tokens[1]).toBe(tokens[0]);
    });

    it('is known to be refused even after a lost answer', async () => {
      const { storage } = await openOnWire(['lost', cancelled('ConditionalCheckFailed')]);
      await expect(storage.table.write(CHECK)).rejects.toMatchObject({ name: 'ConditionFailed' });
    });
  });

  describe('a single write', () => {
    it('is tried again when a transaction has its item', async () => {
      const { storage, asked } = await openOnWire([fault('TransactionConflictException'), DONE]);
      await storage.table.write(UPDATE);
      expect(asked).toHaveLength(2);
    });

    it.each([['lost', 'lost'] as const, ['a 500', fault('InternalServerError', {}, 500)] as const])(
      'is done when a put finds its own item after %s',
      async (_name, first) => {
        const found = fault('ConditionalCheckFailedException', { Item: STORED });
        const { storage, asked } = await openOnWire([first, found]);
        await storage.table.write(PUT);
        expect(asked).toHaveLength(2);
      },
    );

    it('is refused when a put finds another item after a lost answer, or none', async () => {
      const Item = { ...STORED, n: { N: '2' } };
      const other = await openOnWire(['lost', fault('ConditionalCheckFailedException', { Item })]);
      await expect(other.storage.table.write(PUT)).rejects.toMatchObject({ opIndex: 0 });
      const none = await openOnWire(['lost', REFUSED]);
      await expect(none.storage.table.write(PUT)).rejects.toMatchObject({ opIndex: 0 });
    });

    it('is refused when a put finds its like, but no answer was lost', async () => {
      const found = fault('ConditionalCheckFailedException', { Item: STORED });
      const { storage } = await openOnWire([fault('ThrottlingException'), found]);
      await expect(storage.table.write(PUT)).rejects.toMatchObject({ name: 'ConditionFailed' });
    });

    it('has an unknown outcome when an update is refused after a lost answer', async () => {
      for (const answers of [
        ['lost', REFUSED],
        ['lost', fault('TransactionConflictException'), REFUSED],
      ] as const) {
        const { storage } = await openOnWire(answers);
        await expect(storage.table.update(UPDATE)).rejects.toBeInstanceOf(UnknownOutcome);
      }
    });

    it('is refused when throttling came before', async () => {
      const { storage } = await openOnWire([fault('ThrottlingException'), REFUSED]);
      await expect(storage.table.update(UPDATE)).rejects.toMatchObject({ opIndex: 0 });
    });
  });
});
