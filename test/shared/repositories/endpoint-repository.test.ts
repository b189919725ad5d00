import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { UntoldRepository } from '#shared/repositories/untold-repository.ts';
import { allOf, anId, type OpenTable, openTable } from './open-table.ts';

const AT = '2026-11-22T10:00:00.000Z';
const LATER = '2026-11-22T10:00:01.000Z';

let open: OpenTable;
let endpoints: EndpointRepository;
let untold: UntoldRepository;
let instanceId: string;
let made = 0;
beforeAll(async () => {
  open = await openTable();
  endpoints = new EndpointRepository(open.table);
  untold = new UntoldRepository(open.table);
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
    url: 'https://example.com/secret/path?token=1',
    events: ['onMessage'],
    state: 'ACTIVE',
    secret: 'whsec_x',
    createdAt: AT,
    updatedAt: AT,
    ...change,
  };
}
const stored = async () => await endpoints.get({ instanceId }, 'main');

describe('an endpoint', () => {
  it('is put where there was none, and only there', async () => {
    expect(await stored()).toBeUndefined();
    expect(await endpoints.replace(anEndpoint(), undefined)).toBe(true);
    expect(await endpoints.replace(anEndpoint({ url: 'https://b/' }), undefined)).toBe(false);
    expect(await stored()).toEqual(anEndpoint());
  });

  it('is replaced only by who has seen it', async () => {
    const first = anEndpoint();
    const second = anEndpoint({ updatedAt: LATER });
    await endpoints.replace(first, undefined);
    expect(await endpoints.replace(second, first)).toBe(true);
    expect(await endpoints.replace(anEndpoint({ url: 'https://a/' }), first)).toBe(false);
    expect(await stored()).toEqual(second);
  });

  it('is listed with the others of its instance alone', async () => {
    const all = ['01B', '01A', 'main'].map((endpointId) => anEndpoint({ endpointId }));
    for (const one of all) await endpoints.replace(one, undefined);
    await endpoints.replace(anEndpoint({ instanceId: anId(900_000 + made) }), undefined);
    const listed = await endpoints.list({ instanceId });
    expect(listed.map(({ endpointId }) => endpointId)).toEqual(['01A', '01B', 'main']);
  });

  it('fails and answers again, unless it was set anew meanwhile', async () => {
    const first = anEndpoint();
    await endpoints.replace(first, undefined);
    await endpoints.noteFailing(first, new Date(LATER));
    expect(await stored()).toEqual({ ...first, state: 'FAILING', failingSince: LATER });
    await endpoints.noteAnswering(first);
    expect(await stored()).toEqual(first);
    const second = anEndpoint({ updatedAt: LATER });
    await endpoints.replace(second, first);
    await endpoints.noteFailing(first, new Date(LATER));
    expect(await stored()).toEqual(second);
  });

  it('is disabled with a reason that is still to be told, unless it was set anew meanwhile', async () => {
    const first = anEndpoint();
    const second = anEndpoint({ updatedAt: LATER });
    await endpoints.replace(first, undefined);
    await endpoints.replace(second, first);
    const at = '2026-11-22T10:00:02.000Z';
    const why = { reason: 'gone', at: new Date(at) };
    expect(await endpoints.disable(first, why)).toBe(false);
    expect(await stored()).toEqual(second);
    expect(await allOf(untold.list(instanceId))).toEqual([]);
    expect(await endpoints.disable(second, why)).toBe(true);
    const disabled = { ...second, state: 'DISABLED', disabledReason: 'gone', updatedAt: at };
    expect(await stored()).toEqual(disabled);
    const url = 'https://example.com';
    const note = { kind: 'webhook_disabled', endpointId: 'main', url, reason: 'gone', at };
    expect(await allOf(untold.list(instanceId))).toEqual([note]);
  });

  it('that is not there is not made by disabling it', async () => {
    await endpoints.disable(anEndpoint(), { reason: 'gone', at: new Date() });
    expect(await stored()).toBeUndefined();
  });

  it('is deleted once, and leaves word for who delivers', async () => {
    await endpoints.replace(anEndpoint(), undefined);
    expect(await endpoints.delete({ instanceId }, 'main')).toBe(true);
    expect(await endpoints.delete({ instanceId }, 'main')).toBe(false);
    expect(await stored()).toBeUndefined();
    expect(await allOf(untold.list(instanceId))).toEqual([
      { kind: 'webhook_deleted', endpointId: 'main' },
    ]);
  });
});
