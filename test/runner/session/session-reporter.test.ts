import { describe, expect, it } from 'vitest';
import { SessionReporter } from '#runner/session/session-reporter.ts';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { defaultSettings } from '#shared/domain/settings.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { listeningLog } from '../silent-log.ts';
import { aRecorder } from '../webhooks/a-recorder.ts';

const USER = { id: '2349040613521:8@s.whatsapp.net', name: 'Shop' };
const QR = { code: 'code', expiresAt: '2026-11-22T12:01:00.000Z' };

async function reporterOf(changes: Partial<Instance> = {}, events?: WebhookEvent['event'][]) {
  const { storage, clock } = await openForTest();
  const instance = anInstance(1, changes);
  const instances = new InstanceRepository(storage.table);
  await instances.create(instance);
  await new EndpointRepository(storage.table).replace(
    anEndpoint(instance, events && { events }),
    undefined,
  );
  const { recorder, recorded } = aRecorder(storage.table);
  const { log, sentences } = listeningLog();
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id ${ids}`;
  };
  const deps = { instances, events: recorder, now: clock.now, newId, runnerId: 'runner', log };
  return {
    reporter: new SessionReporter(instance, deps),
    instances,
    instance,
    clock,
    recorded,
    sentences,
    record: () => instances.get(instance),
  };
}

/** Those of an instance whose webhooks are wanted. */
function listening(): Instance['settings'] {
  const settings = defaultSettings();
  return { ...settings, actions: { ...settings.actions, send_webhook: true } };
}

const told = (recorded: WebhookEvent[]) => recorded.map(({ event, data }) => [event, data]);

describe('SessionReporter', () => {
  it('writes status, user and code, each until it is taken away', async () => {
    const { reporter, record, clock } = await reporterOf();
    clock.move(5_000);
    await reporter.report({ status: 'SCAN_QR', qr: QR });
    expect(await record()).toMatchObject({
      status: 'SCAN_QR',
      qr: QR,
      updatedAt: clock.now().toISOString(),
    });
    await reporter.report({ status: 'CONNECTED', user: USER, qr: null });
    const connected = await record();
    expect(connected).toMatchObject({ status: 'CONNECTED', user: USER });
    expect(connected?.qr).toBeUndefined();
    await reporter.report({ status: 'DISCONNECTED' });
    expect((await record())?.user).toEqual(USER);
    await reporter.report({ status: 'LOGGED_OUT', user: null });
    expect((await record())?.user).toBeUndefined();
  });

  it('notes when the user was linked, through every connection and until it is logged out', async () => {
    const { reporter, record, clock } = await reporterOf();
    const linkedAt = clock.now().toISOString();
    await reporter.report({ status: 'CONNECTED', user: USER });
    clock.move(60_000);
    await reporter.report({ status: 'DISCONNECTED' });
    await reporter.report({ status: 'CONNECTED', user: USER });
    expect((await record())?.linkedAt).toBe(linkedAt);
    expect(reporter.linkedAt).toBe(linkedAt);
    await reporter.report({ status: 'LOGGED_OUT', user: null });
    expect((await record())?.linkedAt).toBeUndefined();
    await reporter.report({ status: 'CONNECTED', user: USER });
    expect((await record())?.linkedAt).toBe(clock.now().toISOString());
  });

  it('takes a user of whom that was not noted to be as old as the instance', async () => {
    const { reporter, instance, record } = await reporterOf({ user: USER });
    await reporter.report({ status: 'CONNECTED', user: USER });
    expect((await record())?.linkedAt).toBe(instance.createdAt);
  });

  it('writes one report after the other, in the order told', async () => {
    const { reporter, record, recorded } = await reporterOf();
    const statuses = ['CONNECTING', 'SCAN_QR', 'CONNECTING', 'CONNECTED', 'DISCONNECTED'] as const;
    await Promise.all(statuses.map((status) => reporter.report({ status })));
    expect((await record())?.status).toBe('DISCONNECTED');
    expect(told(recorded)).toEqual(statuses.map((status) => ['onStateChanged', status]));
    expect(recorded.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('tells the webhook only what is new', async () => {
    const { reporter, recorded } = await reporterOf({ status: 'DISCONNECTED' });
    await reporter.report({ status: 'DISCONNECTED' });
    await reporter.report({ status: 'SCAN_QR', qr: QR });
    await reporter.report({ status: 'SCAN_QR', qr: { ...QR, code: 'next' } });
    expect(told(recorded)).toEqual([['onStateChanged', 'SCAN_QR']]);
  });

  it('tells the same status again when there was another between', async () => {
    const { reporter, recorded } = await reporterOf();
    for (const status of ['CONNECTED', 'DISCONNECTED', 'CONNECTED'] as const) {
      await reporter.report({ status });
    }
    expect(recorded).toHaveLength(3);
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(3);
  });

  it('tells a log-out twice over: as a change of state and by itself', async () => {
    const { reporter, recorded, clock } = await reporterOf({ status: 'CONNECTED' });
    await reporter.report({ status: 'LOGGED_OUT', user: null });
    expect(told(recorded)).toEqual([
      ['onStateChanged', 'LOGGED_OUT'],
      ['onLogout', true],
    ]);
    expect(recorded.map(({ ts }) => ts)).toEqual([clock.now().getTime(), clock.now().getTime()]);
  });

  it('tells each code that a phone can scan, once', async () => {
    const { reporter, recorded } = await reporterOf({ settings: listening() }, ['onQr']);
    await reporter.report({ status: 'SCAN_QR', qr: QR });
    await reporter.report({ status: 'SCAN_QR', qr: QR });
    await reporter.report({ status: 'SCAN_QR', qr: { ...QR, code: 'next' } });
    await reporter.report({ status: 'CONNECTED', qr: null });
    const codes = recorded.filter(({ event }) => event === 'onQr');
    expect(told(codes)).toEqual([
      ['onQr', { qr: 'code', expires_at: QR.expiresAt }],
      ['onQr', { qr: 'next', expires_at: QR.expiresAt }],
    ]);
  });

  it.each(['FORBIDDEN', 'QUARANTINED', 'CONFLICT'] as const)(
    'tells what %s does not let it do',
    async (status) => {
      const { reporter, recorded } = await reporterOf();
      await reporter.report({ status: 'CONNECTING' });
      await reporter.report({ status });
      const data = { code: status, message: expect.any(String), until: null };
      expect(told(recorded).slice(1)).toEqual([
        ['onStateChanged', status],
        ['onRestriction', data],
      ]);
    },
  );

  it('knows the user as last told', async () => {
    const { reporter } = await reporterOf({ user: USER });
    expect(reporter.user).toEqual(USER);
    await reporter.report({ status: 'CONNECTED', user: { ...USER, name: 'New' } });
    await reporter.report({ status: 'DISCONNECTED' });
    expect(reporter.user?.name).toBe('New');
    await reporter.report({ status: 'LOGGED_OUT', user: null });
    expect(reporter.user).toBeUndefined();
  });

  it('goes on after a report that could not be written', async () => {
    const { reporter, instances, instance, sentences, record } = await reporterOf();
    await instances.remove(instance);
    await reporter.report({ status: 'CONNECTING' });
    expect(sentences()).toEqual(['A report was lost.']);
    await instances.create(instance);
    await reporter.report({ status: 'CONNECTED' });
    expect((await record())?.status).toBe('CONNECTED');
  });
});
