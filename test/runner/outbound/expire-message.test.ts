import { describe, expect, it } from 'vitest';
import { expireMessage } from '#runner/outbound/expire-message.ts';
import { toOwnMessage } from '#runner/whatsapp/own-message.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { until } from '../../until.ts';
import { anEndpoint } from '../records.ts';
import { silentLog } from '../silent-log.ts';
import { aRecorder } from '../webhooks/a-recorder.ts';
import { instance, outboxAtWork } from './outbox-at-work.ts';

async function expiring({ isThere = true } = {}) {
  const work = await outboxAtWork();
  const { table, messages, metrics, clock, outbox } = work;
  const instances = new InstanceRepository(table);
  if (isThere) await instances.create(instance);
  await new EndpointRepository(table).replace(anEndpoint(instance), undefined);
  const { recorder: events, recorded } = aRecorder(table);
  const message = await work.acceptOne({ validUntil: clock.now().toISOString() });
  const [entry] = await Array.fromAsync(outbox.all(instance.instanceId));
  if (entry === undefined) throw new Error('Nothing waits.');
  const { now } = clock;
  const deps = { instances, messages, events, toOwnMessage, metrics, now, log: silentLog };
  return { ...work, message, recorded, expire: () => expireMessage(entry, deps) };
}

describe('expireMessage', () => {
  it('ends the message, counts it and tells of it, once', async () => {
    const { expire, message, stateOf, recorded, metrics, waiting } = await expiring();
    await expire();
    await expire();
    await until('it was told', () => recorded.length > 0);
    expect(await stateOf(message)).toBe('EXPIRED');
    expect(await waiting()).toEqual([]);
    expect(recorded.map(({ event, data }) => [event, Object(data).ack])).toEqual([
      ['onAck', -1],
      ['onMessageExpired', undefined],
    ]);
    expect(metrics.figures).toEqual([['MessagesEnded', 1, 'EXPIRED']]);
  });

  it('leaves one that an attempt was made of', async () => {
    const { expire, message, messages, clock, stateOf, recorded, waiting } = await expiring();
    await messages.startAttempt(message.messageId, clock.now());
    await expire();
    expect(await stateOf(message)).toBe('SENDING');
    expect(await waiting()).toEqual([message.messageId]);
    expect(recorded).toEqual([]);
  });

  it('does nothing for an instance that is gone', async () => {
    const { expire, message, stateOf } = await expiring({ isThere: false });
    await expire();
    expect(await stateOf(message)).toBe('QUEUED');
  });
});
