import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { toAttributes } from '#shared/repositories/attributes.ts';
import { keys, shardOutboxPartition, shardPartition } from '#shared/repositories/keys.ts';
import { withoutTableKeys } from '#shared/repositories/stored.ts';

describe('toAttributes', () => {
  it('keeps every value that JSON can hold', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue()), (record) => {
        expect(toAttributes(record)).toEqual(record);
      }),
    );
  });

  it('keeps even a name that means something to JavaScript', () => {
    const record = JSON.parse('{"a":{"__proto__":"b"}}');
    expect(JSON.stringify(toAttributes(record))).toBe('{"a":{"__proto__":"b"}}');
  });

  it('leaves out what is undefined, at every depth', () => {
    const attributes = toAttributes({ a: undefined, b: { c: undefined, d: [{ e: undefined }] } });

    expect(JSON.stringify(attributes)).toBe('{"b":{"d":[{}]}}');
  });

  it('refuses what no table can hold', () => {
    expect(() => toAttributes({ f: () => 1 })).toThrow('function');
    expect(() => toAttributes({ n: 1n })).toThrow('bigint');
  });
});

it('gives the record back without its place in the table', () => {
  const Record = withoutTableKeys.pipe(z.strictObject({ name: z.string() }));
  const item = { pk: 'p', sk: 's', gsi1pk: 'g', gsi1sk: 'h', expiresAt: 5, name: 'n' };

  expect(Record.parse(item)).toEqual({ name: 'n' });
});

describe('keys', () => {
  it('keep numbers in their order as text', () => {
    const number = fc.nat({ max: 999_999_999 });
    fc.assert(
      fc.property(number, number, (a, b) => {
        fc.pre(a < b);
        expect(keys.numberedEvent('i', a).sk < keys.numberedEvent('i', b).sk).toBe(true);
      }),
    );
    expect(shardPartition(7)).toBe('SHARD#0007');
    expect(shardOutboxPartition(1234)).toBe('OUTBOX#1234');
  });

  it('are another for every kind of thing', () => {
    const id = 'x';
    const all = [
      keys.account(id),
      keys.email(id),
      keys.refresh(id, id),
      keys.apiKey(id, id),
      keys.contact(id, id),
      keys.attachment(id, id),
      keys.contacts(id),
      keys.attachments(id),
      keys.deletedUpload(id, id, id),
      keys.throttle(id, id),
      keys.instance(id, id),
      keys.session(id),
      keys.shard(1),
      keys.message(id),
      keys.waId(id, id),
      keys.outbox(id, id),
      keys.idempotency(id, id),
      keys.received(id, id),
      keys.choices(id, id),
      keys.lid(id, id),
      keys.keyword(id, id),
      keys.keywords(id),
      keys.botChat(id, id),
      keys.command(id, id),
      keys.webhook(id, id),
      keys.event(id, id),
      keys.numberedEvent(id, 1),
      keys.delivery(id, id),
      keys.waiting(id, id, id),
      keys.untold(id, id),
      keys.seq(id),
      keys.runner(id),
      keys.leader(),
      keys.lease(3),
    ];
    expect(all).toHaveLength(Object.keys(keys).length);
    expect(new Set(all.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(all.length);
  });
});
