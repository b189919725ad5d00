import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { errorReply } from '#functions/http/error-reply.ts';
import { requireQuota } from '#functions/messages/message-quota.ts';
import { DomainError } from '#shared/domain/error.ts';
import { ThrottleRepository } from '#shared/repositories/throttle-repository.ts';
import { anId, type OpenTable, openTable } from '../../shared/repositories/open-table.ts';

/** Forty seconds before the end of a minute; far from now, when the table would sweep the counters away. */
const AT = new Date('2126-11-22T11:00:20.000Z');

let open: OpenTable;
let accounts = 0;
let accountId: string;
let at: Date;
beforeAll(async () => {
  open = await openTable();
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  accounts += 1;
  accountId = anId(accounts);
  at = AT;
});

async function ask(count: number, messagesPerMinute = 10): Promise<'accepted' | DomainError> {
  const config = {
    shardCount: 1,
    allowPrivateUrls: false,
    paceByDefault: true,
    openRegistration: true,
    messagesPerMinute,
  };
  const throttle = new ThrottleRepository(open.table);
  try {
    await requireQuota(accountId, count, { config, now: () => at, throttle });
    return 'accepted';
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

it('accepts as many in a minute as there may be, and then tells when to come again', async () => {
  expect(await ask(9)).toBe('accepted');
  expect(await ask(1)).toBe('accepted');
  const refused = await ask(1);

  expect(refused).toMatchObject({ code: 'too_many_requests', retryAfterS: 40 });
  if (refused === 'accepted') return;
  expect(errorReply(refused)).toMatchObject({ status: 429, headers: { 'retry-after': '40' } });
  at = new Date('2126-11-22T11:01:00.000Z');
  expect(await ask(10)).toBe('accepted');
});

it('takes all of several messages or none, and what was refused does not count', async () => {
  expect(await ask(8)).toBe('accepted');
  for (let tries = 0; tries < 5; tries += 1) {
    expect(await ask(3)).toMatchObject({ code: 'too_many_requests' });
  }
  expect(await ask(2)).toBe('accepted');
});

it('counts each of many at once', async () => {
  const answers = await Promise.all(Array.from({ length: 25 }, () => ask(1)));

  expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(10);
});

it('counts each account for itself', async () => {
  expect(await ask(10)).toBe('accepted');
  accountId = anId(999);
  expect(await ask(10)).toBe('accepted');
});

it('says of more than a minute takes that they never fit', async () => {
  const refused = await ask(11);

  expect(refused).toMatchObject({ code: 'too_many_requests' });
  expect(refused).toHaveProperty('retryAfterS', undefined);
  expect(await ask(10)).toBe('accepted');
});

it('has no limit where it is 0, and writes nothing', async () => {
  expect(await ask(1_000_000, 0)).toBe('accepted');
  expect(await ask(10)).toBe('accepted');
});
