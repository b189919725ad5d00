import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { WebhookRepository } from '#shared/repositories/webhook-repository.ts';
import { allOf, anId, type OpenTable, openTable } from './open-table.ts';

const AT = '2026-11-22T10:00:00.000Z';
const SEVEN_DAYS_MS = 7 * 24 * 3600 * 1000;

let open: OpenTable;
let webhooks: WebhookRepository;
let instanceId: string;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  webhooks = new WebhookRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(() => {
  made += 1;
  instanceId = anId(made);
});

function anEndpoint(change: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    accountId: anId(0),
    instanceId,
    endpointId: 'main',
    url: 'https://example.com/',
    events: ['onMessage'],
    state: 'ACTIVE',
    secret: 'whsec_x',
    createdAt: AT,
    updatedAt: AT,
    ...change,
  };
}

function anEvent(seq: number, change: Partial<WebhookEvent> = {}): WebhookEvent {
  return {
    id: `event-${seq}`,
    event: 'onMessage',
    ts: open.clock.now.getTime(),
    session_id: 's',
    instance_id: instanceId,
    seq,
    data: { body: 'Hello', nested: [1, null, { a: true }] },
    ...change,
  };
}

describe('an endpoint', () => {
  it('is put where there was none, and only there', async () => {
    expect(await webhooks.getEndpoint({ instanceId })).toBeUndefined();
    expect(await webhooks.replaceEndpoint(anEndpoint(), undefined)).toBe(true);
    const second = anEndpoint({ url: 'https://example.com/second' });
    expect(await webhooks.replaceEndpoint(second, undefined)).toBe(false);

    expect(await webhooks.getEndpoint({ instanceId })).toEqual(anEndpoint());
  });

  it('is replaced only by who has seen it', async () => {
    const first = anEndpoint();
    const second = anEndpoint({ updatedAt: '2026-11-22T10:00:01.000Z' });
    await webhooks.replaceEndpoint(first, undefined);
    expect(await webhooks.replaceEndpoint(second, first)).toBe(true);
    expect(await webhooks.replaceEndpoint(anEndpoint({ url: 'https://a/' }), first)).toBe(false);

    expect(await webhooks.getEndpoint({ instanceId })).toEqual(second);
  });

  it('is disabled with a reason, unless it was set anew meanwhile', async () => {
    const first = anEndpoint();
    await webhooks.replaceEndpoint(first, undefined);
    const second = anEndpoint({ updatedAt: '2026-11-22T10:00:01.000Z' });
    await webhooks.replaceEndpoint(second, first);
    const at = new Date('2026-11-22T10:00:02.000Z');

    await webhooks.disableEndpoint(first, { reason: 'gone', at });
    expect(await webhooks.getEndpoint({ instanceId })).toEqual(second);
    await webhooks.disableEndpoint(second, { reason: 'gone', at });
    expect(await webhooks.getEndpoint({ instanceId })).toEqual({
      ...second,
      state: 'DISABLED',
      disabledReason: 'gone',
      updatedAt: at.toISOString(),
    });
  });

  it('that is not there is not made by disabling it', async () => {
    await webhooks.disableEndpoint(anEndpoint(), { reason: 'gone', at: new Date() });

    expect(await webhooks.getEndpoint({ instanceId })).toBeUndefined();
  });
});

describe('events', () => {
  it('wait in the order of their numbers until they are settled', async () => {
    const events = Array.from({ length: 12 }, (_, i) => anEvent(i + 1));
    for (const event of events) expect(await webhooks.append(event)).toBe(true);
    expect(await webhooks.lastSeq(instanceId)).toBe(12);
    expect(await allOf(webhooks.undelivered(instanceId))).toEqual(events);

    await webhooks.settle(anEvent(1));
    await webhooks.settle(anEvent(1));
    expect(await allOf(webhooks.undelivered(instanceId))).toEqual(events.slice(1));
    expect(await webhooks.lastSeq(instanceId)).toBe(12);
  });

  it('are taken once, even after they were delivered', async () => {
    await webhooks.append(anEvent(1));
    await webhooks.settle(anEvent(1));

    expect(await webhooks.append(anEvent(2, { id: 'event-1' }))).toBe(false);
    expect(await webhooks.lastSeq(instanceId)).toBe(1);
    expect(await allOf(webhooks.undelivered(instanceId))).toEqual([]);
  });

  it('do not take a number that another writer has', async () => {
    await webhooks.append(anEvent(5));
    const late = anEvent(5, { id: 'another' });

    await expect(webhooks.append(late)).rejects.toMatchObject({ opIndex: 1 });
    expect(await webhooks.append(anEvent(6, { id: 'another' }))).toBe(true);
  });

  it('have no number before the first, each instance for itself', async () => {
    expect(await webhooks.lastSeq(instanceId)).toBe(0);
    await webhooks.append(anEvent(1));
    expect(await webhooks.lastSeq(anId(999_999))).toBe(0);
  });

  it('are forgotten after a week', async () => {
    await webhooks.append(anEvent(1));
    const before = open.clock.now;
    try {
      open.clock.now = new Date(before.getTime() + SEVEN_DAYS_MS + 1000);
      expect(await allOf(webhooks.undelivered(instanceId))).toEqual([]);
    } finally {
      open.clock.now = before;
    }
  });

  it('go with their instance, and so does its endpoint', async () => {
    const other = anId(700_000 + made);
    await webhooks.replaceEndpoint(anEndpoint(), undefined);
    await webhooks.append(anEvent(1));
    await webhooks.append(anEvent(1, { instance_id: other }));
    await webhooks.purge(instanceId);

    expect(await webhooks.getEndpoint({ instanceId })).toBeUndefined();
    expect(await webhooks.lastSeq(instanceId)).toBe(0);
    expect(await allOf(webhooks.undelivered(instanceId))).toEqual([]);
    expect(await webhooks.append(anEvent(1))).toBe(true);
    expect(await webhooks.lastSeq(other)).toBe(1);
  });
});
