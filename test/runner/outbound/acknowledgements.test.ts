import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Acknowledgements } from '#runner/outbound/acknowledgements.ts';
import type { Message } from '#shared/domain/message.ts';
import { silentMetrics } from '#shared/metrics/metrics.ts';
import { aMessage, anInstance } from '../records.ts';
import { ScriptedSocket } from '../scripted-socket.ts';
import { listeningLog, silentLog } from '../silent-log.ts';
import { instance, outboxAtWork } from './outbox-at-work.ts';

async function oneSent(howMany = 1) {
  const outbox = await outboxAtWork();
  const { attach, messages, worker, clock, accept, metrics } = outbox;
  const advanced: Message[] = [];
  const acknowledgements = new Acknowledgements(instance.instanceId, {
    messages,
    outbox: worker,
    onAdvanced: async (message) => void advanced.push(message),
    now: clock.now,
    sleep: async () => undefined,
    metrics,
    log: silentLog,
  });
  const accepted = await accept(howMany);
  attach(new ScriptedSocket());
  await worker.idle();
  const [first] = accepted;
  if (first === undefined) throw new Error('Nothing was accepted.');
  return { ...outbox, acknowledgements, advanced, accepted, ...first };
}

const statesOf = (advanced: Message[]) => advanced.map(({ state }) => state);

describe('Acknowledgements', () => {
  it('takes a message to SENT with the time, out of the outbox, and settles it', async () => {
    const { acknowledgements, waId, messageId, messages, worker, waiting, clock, advanced } =
      await oneSent();
    clock.move(1_500);
    acknowledgements.onAck({ waId });
    await acknowledgements.idle();
    expect(await messages.get(messageId)).toMatchObject({
      state: 'SENT',
      sentAt: clock.now().toISOString(),
    });
    expect(await waiting()).toEqual([]);
    expect(worker.find(waId)).toBeUndefined();
    expect(statesOf(advanced)).toEqual(['SENT']);
  });

  it('keeps the time at which it heard, not the one at which it wrote', async () => {
    const { acknowledgements, waId, messageId, messages, clock } = await oneSent();
    const heardAt = clock.now().toISOString();
    acknowledgements.onAck({ waId });
    clock.move(60_000);
    await acknowledgements.idle();
    expect((await messages.get(messageId))?.sentAt).toBe(heardAt);
  });

  it('follows receipts forward', async () => {
    const { acknowledgements, waId, advanced } = await oneSent();
    acknowledgements.onAck({ waId });
    for (const state of ['DELIVERED', 'READ', 'PLAYED'] as const) {
      acknowledgements.onReceipt({ waIds: [waId], state });
    }
    await acknowledgements.idle();
    expect(statesOf(advanced)).toEqual(['SENT', 'DELIVERED', 'READ', 'PLAYED']);
  });

  it('moves only forward, whatever the order and the repeats', async () => {
    const order = ['SENDING', 'SENT', 'DELIVERED', 'READ', 'PLAYED'];
    const { acknowledgements, advanced, messages, clock, stateOf } = await oneSent();
    const steps = fc.array(fc.constantFrom('SENT' as const, 'DELIVERED', 'READ', 'PLAYED'), {
      minLength: 1,
      maxLength: 8,
    });
    let n = 1_000;
    await fc.assert(
      fc.asyncProperty(steps, async (told) => {
        n += 1;
        const message = aMessage(instance, n);
        await messages.accept([message]);
        await messages.startAttempt(message.messageId, clock.now());
        advanced.length = 0;
        for (const state of told) {
          if (state === 'SENT') acknowledgements.onAck({ waId: message.waId });
          else acknowledgements.onReceipt({ waIds: [message.waId], state });
        }
        await acknowledgements.idle();
        const ranks = statesOf(advanced).map((state) => order.indexOf(state));
        expect(ranks).toEqual([...new Set(ranks)].sort());
        const furthest = Math.max(...told.map((state) => order.indexOf(state)));
        expect(await stateOf(message)).toBe(order[furthest]);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['463', /start new chats/],
    ['404', /not on WhatsApp/],
    ['479', /malformed/],
    ['500', /\(500\)/],
  ])('fails a message that WhatsApp refused with %s, in plain words', async (error, words) => {
    const { acknowledgements, waId, messageId, messages, worker, waiting, advanced } =
      await oneSent();
    acknowledgements.onAck({ waId, error });
    await acknowledgements.idle();
    expect(await messages.get(messageId)).toMatchObject({
      state: 'FAILED',
      failedAt: expect.any(String),
      failure: { code: error, message: expect.stringMatching(words) },
    });
    expect(statesOf(advanced)).toEqual(['FAILED']);
    expect(worker.find(waId)).toBeUndefined();
    expect(await waiting()).toEqual([]);
  });

  it('does not let a refusal undo what was sent', async () => {
    const { acknowledgements, waId, messageId, messages } = await oneSent();
    acknowledgements.onAck({ waId });
    acknowledgements.onAck({ waId, error: '500' });
    await acknowledgements.idle();
    expect(await messages.get(messageId)).toMatchObject({ state: 'SENT' });
    expect((await messages.get(messageId))?.failure).toBeUndefined();
  });

  it('takes one receipt for several messages, in order', async () => {
    const { acknowledgements, accepted, advanced } = await oneSent(4);
    const waIds = accepted.map(({ waId }) => waId);
    acknowledgements.onReceipt({ waIds, state: 'READ' });
    await acknowledgements.idle();
    expect(advanced.map(({ waId }) => waId)).toEqual(waIds);
  });

  it('knows messages of an earlier socket, and nothing of other instances or devices', async () => {
    const { acknowledgements, messages, clock, advanced } = await oneSent();
    const earlier = aMessage(instance, 50);
    const foreign = aMessage(anInstance(2), 51);
    for (const message of [earlier, foreign]) {
      await messages.accept([message]);
      await messages.startAttempt(message.messageId, clock.now());
    }
    acknowledgements.onAck({ waId: foreign.waId });
    acknowledgements.onAck({ waId: '3EB0000000000000000000' });
    acknowledgements.onAck({ waId: earlier.waId });
    await acknowledgements.idle();
    expect(advanced.map(({ waId }) => waId)).toEqual([earlier.waId]);
    expect((await messages.get(foreign.messageId))?.state).toBe('SENDING');
  });

  it('counts each message once, at its first word from WhatsApp, with the time it took', async () => {
    const { acknowledgements, accepted, clock, metrics } = await oneSent(3);
    const [first, second, third] = accepted.map(({ waId }) => waId);
    const queuedMs = Date.parse(accepted[0]?.queuedAt ?? '');
    const tookMs = () => clock.now().getTime() - queuedMs;
    clock.move(1_500);
    const firstMs = tookMs();
    acknowledgements.onAck({ waId: first ?? '' });
    acknowledgements.onReceipt({ waIds: [first ?? ''], state: 'DELIVERED' });
    await acknowledgements.idle();
    clock.move(500);
    const secondMs = tookMs();
    acknowledgements.onReceipt({ waIds: [second ?? ''], state: 'READ' });
    acknowledgements.onAck({ waId: second ?? '' });
    acknowledgements.onAck({ waId: third ?? '', error: '463' });
    acknowledgements.onAck({ waId: third ?? '', error: '463' });
    await acknowledgements.idle();

    expect(metrics.figures).toEqual([
      ['MessagesEnded', 1, 'SENT'],
      ['SendLatency', firstMs],
      ['MessagesEnded', 1, 'SENT'],
      ['SendLatency', secondMs],
      ['MessagesEnded', 1, 'FAILED'],
    ]);
  });

  it.each(['the write', 'its answer', 'the telling'])(
    'tells of a step although %s is lost at first',
    async (lost) => {
      const { messages, worker, clock, accepted } = await oneSent();
      const [{ waId, messageId } = { waId: '', messageId: '' }] = accepted;
      const advanced: Message[] = [];
      const faults = new Set([lost]);
      const failOnce = (what: string) => {
        if (faults.delete(what)) throw new Error('the table is away');
      };
      const finish = messages.finish.bind(messages);
      messages.finish = async (...args) => {
        failOnce('the write');
        const after = await finish(...args);
        failOnce('its answer');
        return after;
      };
      const acknowledgements = new Acknowledgements(instance.instanceId, {
        messages,
        outbox: worker,
        onAdvanced: async (message) => {
          failOnce('the telling');
          advanced.push(message);
        },
        now: clock.now,
        sleep: async () => undefined,
        metrics: silentMetrics,
        log: silentLog,
      });
      acknowledgements.onAck({ waId });
      await acknowledgements.idle();
      expect(statesOf(advanced)).toEqual(['SENT']);
      expect((await messages.get(messageId))?.state).toBe('SENT');
      expect(worker.find(waId)).toBeUndefined();
    },
  );

  it('goes on after one that could not be written', async () => {
    const { messages, worker, clock, accepted } = await oneSent(2);
    const { log, sentences } = listeningLog();
    let isDown = true;
    const acknowledgements = new Acknowledgements(instance.instanceId, {
      messages,
      outbox: worker,
      onAdvanced: async () => {
        if (isDown) throw new Error('the table is away');
      },
      now: clock.now,
      sleep: async () => undefined,
      metrics: silentMetrics,
      log,
    });
    const [first, second] = accepted;
    acknowledgements.onAck({ waId: first?.waId ?? '' });
    await acknowledgements.idle();
    isDown = false;
    acknowledgements.onAck({ waId: second?.waId ?? '' });
    await acknowledgements.idle();
    expect(sentences()).toEqual(['An acknowledgement was lost.']);
    expect((await messages.get(second?.messageId ?? ''))?.state).toBe('SENT');
  });
});
