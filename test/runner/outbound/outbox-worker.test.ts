import { describe, expect, it } from 'vitest';
import { ACK_TIMEOUT_MS } from '#runner/outbound/outbox-worker.ts';
import { until } from '../../until.ts';
import { ScriptedSocket } from '../scripted-socket.ts';
import { outboxAtWork, waIds } from './outbox-at-work.ts';

const UNACKNOWLEDGED_MAX = 32;

describe('OutboxWorker', () => {
  it('sends what waits, oldest first, as soon as a socket is attached', async () => {
    const { attach, accept, worker, stateOf } = await outboxAtWork();
    const [first, second, third] = await accept(3);
    const socket = new ScriptedSocket();
    attach(socket);
    await worker.idle();
    expect(socket.sent).toEqual(
      [first, second, third].map((message) => ({
        waId: message?.waId,
        to: { kind: 'phone', phone: '2348179803743' },
        content: message?.content,
        at: new Date(message?.queuedAt ?? ''),
      })),
    );
    expect(first && (await stateOf(first))).toBe('SENDING');
  });

  it('sends one at a time', async () => {
    const { attach, accept, worker } = await outboxAtWork();
    await accept(5);
    const socket = new ScriptedSocket();
    let under = 0;
    let most = 0;
    socket.onSend = async () => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
    };
    attach(socket);
    await worker.idle();
    expect(socket.sent).toHaveLength(5);
    expect(most).toBe(1);
  });

  it('marks a message SENDING and counts the attempt before the frame leaves', async () => {
    const { attach, accept, worker, messages } = await outboxAtWork();
    const [message] = await accept(1);
    const socket = new ScriptedSocket();
    const seen: unknown[] = [];
    socket.onSend = async () => {
      const { state, attempts } = (await messages.get(message?.messageId ?? '')) ?? {};
      seen.push({ state, attempts });
    };
    attach(socket);
    await worker.idle();
    expect(seen).toEqual([{ state: 'SENDING', attempts: 1 }]);
  });

  it('sends nothing while no socket is attached', async () => {
    const { accept, worker, stateOf } = await outboxAtWork();
    const [message] = await accept(1);
    worker.ring();
    await worker.idle();
    expect(message && (await stateOf(message))).toBe('QUEUED');
  });

  it('sends nothing more once it is detached', async () => {
    const { attach, accept, worker, stateOf } = await outboxAtWork();
    const [first, second] = await accept(2);
    const socket = new ScriptedSocket();
    socket.onSend = async () => worker.detach();
    attach(socket);
    await worker.idle();
    worker.ring();
    await worker.idle();
    expect(socket.sentIds).toEqual([first?.waId]);
    expect(second && (await stateOf(second))).toBe('QUEUED');
  });

  it('sends what is accepted later when it is rung', async () => {
    const { attach, accept, worker } = await outboxAtWork();
    const socket = new ScriptedSocket();
    attach(socket);
    await worker.idle();
    const later = await accept(2);
    worker.ring();
    await worker.idle();
    expect(socket.sentIds).toEqual(waIds(later));
  });

  it('does not miss what is accepted and rung for while it works', async () => {
    const { attach, accept, worker } = await outboxAtWork();
    const first = await accept(1);
    const socket = new ScriptedSocket();
    let later = first;
    socket.onSend = async () => {
      if (socket.sent.length > 1) return;
      later = await accept(3);
      worker.ring();
    };
    attach(socket);
    await until('all are sent', () => socket.sent.length === 4);
    await worker.idle();
    expect(socket.sentIds).toEqual(waIds([...first, ...later]));
  });

  it('does not send twice on one socket what is not yet acknowledged, however often it is rung', async () => {
    const { attach, accept, worker, acknowledge } = await outboxAtWork();
    const [message] = await accept(1);
    const socket = new ScriptedSocket();
    attach(socket);
    for (let n = 0; n < 5; n += 1) {
      worker.ring();
      await worker.idle();
    }
    if (message) await acknowledge(message);
    worker.ring();
    await worker.idle();
    expect(socket.sentIds).toEqual([message?.waId]);
  });

  it('does not send again what is acknowledged in the table and not yet settled', async () => {
    const { attach, accept, worker, messages, clock } = await outboxAtWork();
    const [message] = await accept(1);
    const socket = new ScriptedSocket();
    attach(socket);
    await worker.idle();
    if (message) await messages.finish(message, { to: 'SENT', at: clock.now() });
    worker.ring();
    await worker.idle();
    expect(worker.find(message?.waId ?? '')).toBeDefined();
    worker.settle(message?.waId ?? '');
    worker.ring();
    await worker.idle();
    expect(worker.find(message?.waId ?? '')).toBeUndefined();
    expect(socket.sentIds).toEqual([message?.waId]);
  });

  it('sends what is in doubt again on the next socket, under the same id, before the others', async () => {
    const { attach, accept, worker, acknowledge, messages } = await outboxAtWork();
    const [first, second] = await accept(2);
    const lost = new ScriptedSocket();
    attach(lost);
    await worker.idle();
    if (first) await acknowledge(first);
    worker.detach();
    const [third] = await accept(1);
    const next = new ScriptedSocket();
    attach(next);
    await worker.idle();
    expect(lost.sentIds).toEqual([first?.waId, second?.waId]);
    expect(next.sentIds).toEqual([second?.waId, third?.waId]);
    expect((await messages.get(second?.messageId ?? ''))?.attempts).toBe(2);
  });

  it('keeps a message in doubt when its send fails because the socket is gone', async () => {
    const { attach, accept, worker, stateOf, failed } = await outboxAtWork();
    const [message] = await accept(1);
    const lost = new ScriptedSocket();
    lost.onSend = async () => {
      lost.end('connection_lost');
      throw new Error('Connection Closed');
    };
    attach(lost);
    await worker.idle();
    expect(lost.sent).toHaveLength(1);
    expect(message && (await stateOf(message))).toBe('SENDING');
    const next = new ScriptedSocket();
    attach(next);
    await worker.idle();
    expect(next.sentIds).toEqual([message?.waId]);
    expect(failed).toEqual([]);
  });

  it('gives a message up that fails three times within seconds on a living socket, and the next goes on', async () => {
    const { attach, accept, worker, afterPause, failed, metrics, stateOf } = await outboxAtWork();
    const [bad, good] = await accept(2);
    const socket = new ScriptedSocket();
    socket.onSend = async ({ waId }) => {
      if (waId === bad?.waId) throw new Error('cannot be encoded');
    };
    attach(socket);
    await afterPause(1_000, () => expect(socket.sentIds).toEqual([bad?.waId]));
    await afterPause(4_000, () => expect(socket.sentIds).toEqual([bad?.waId, bad?.waId]));
    await until('one was given up', () => failed.length === 1);
    await worker.idle();
    expect(socket.sentIds.filter((waId) => waId === bad?.waId)).toHaveLength(3);
    expect(socket.sentIds.filter((waId) => waId === good?.waId)).toHaveLength(1);
    expect(failed[0]).toMatchObject({
      messageId: bad?.messageId,
      state: 'FAILED',
      failure: { code: 'send_failed', message: expect.any(String) },
    });
    expect(metrics.figures).toEqual([['MessagesEnded', 1, 'FAILED']]);
    expect(good && (await stateOf(good))).toBe('SENDING');
    worker.ring();
    await worker.idle();
    expect(socket.sent).toHaveLength(4);
  });

  it('forgets earlier failures of a message that was sent at last', async () => {
    const { attach, accept, worker, afterPause, failed } = await outboxAtWork();
    const [message] = await accept(1);
    const fails = [true, true, false, true, true, false];
    const failing = () => {
      const socket = new ScriptedSocket();
      socket.onSend = async () => {
        if (fails.shift()) throw new Error('not now');
      };
      return socket;
    };
    for (const socket of [failing(), failing()]) {
      attach(socket);
      await afterPause(1_000, () => expect(socket.sent).toHaveLength(1));
      await afterPause(4_000, () => expect(socket.sent).toHaveLength(2));
      await until('it was sent', () => socket.sent.length === 3);
      await worker.idle();
      worker.detach();
    }
    expect(failed).toEqual([]);
    expect(message && worker.find(message.waId)).toBeDefined();
  });
});

describe('OutboxWorker, waiting for acknowledgements', () => {
  it('closes the socket when one does not come in time', async () => {
    const { attach, accept, worker, sleep } = await outboxAtWork();
    await accept(1);
    const socket = new ScriptedSocket();
    attach(socket);
    await worker.idle();
    expect(sleep.asleep).toEqual([ACK_TIMEOUT_MS]);
    sleep.wake(ACK_TIMEOUT_MS);
    await until('it was closed', () => socket.closes.length > 0);
    expect(socket.closes).toEqual(['ack_timeout']);
  });

  it('does not close it when the acknowledgement came', async () => {
    const { attach, accept, worker, sleep, acknowledge } = await outboxAtWork();
    const [message] = await accept(1);
    const socket = new ScriptedSocket();
    attach(socket);
    await worker.idle();
    if (message) await acknowledge(message);
    sleep.wake(ACK_TIMEOUT_MS);
    await until('nobody sleeps', () => sleep.asleep.length === 0);
    expect(socket.closes).toEqual([]);
  });

  it('closes neither the next socket nor the old one for a message of the old one', async () => {
    const { attach, accept, worker, sleep } = await outboxAtWork();
    await accept(1);
    const [old, next] = [new ScriptedSocket(), new ScriptedSocket()];
    attach(old);
    await worker.idle();
    worker.detach();
    await until('nobody sleeps', () => sleep.asleep.length === 0);
    attach(next);
    await worker.idle();
    expect([...old.closes, ...next.closes]).toEqual([]);
    expect(sleep.asleep).toEqual([ACK_TIMEOUT_MS]);
  });

  it('has at most 32 messages unacknowledged, and goes on as they are settled', async () => {
    const { attach, accept, worker, acknowledge } = await outboxAtWork();
    const accepted = await accept(UNACKNOWLEDGED_MAX + 3);
    const socket = new ScriptedSocket();
    attach(socket);
    await until('it is full', () => socket.sent.length === UNACKNOWLEDGED_MAX);
    for (const message of accepted.slice(0, 2)) await acknowledge(message);
    await until('two more went out', () => socket.sent.length === UNACKNOWLEDGED_MAX + 2);
    const [, , third] = accepted;
    if (third) await acknowledge(third);
    await worker.idle();
    expect(socket.sentIds).toEqual(waIds(accepted));
  });

  it('ends when it is detached while it waits for room', async () => {
    const { attach, accept, worker } = await outboxAtWork();
    const accepted = await accept(UNACKNOWLEDGED_MAX + 1);
    const socket = new ScriptedSocket();
    attach(socket);
    await until('it is full', () => socket.sent.length === UNACKNOWLEDGED_MAX);
    let isIdle = false;
    worker.detach();
    void worker.idle().then(() => {
      isIdle = true;
    });
    await until('no send is under way', () => isIdle);
    const next = new ScriptedSocket();
    attach(next);
    await until('the next is full', () => next.sent.length === UNACKNOWLEDGED_MAX);
    expect(next.sentIds).toEqual(waIds(accepted.slice(0, UNACKNOWLEDGED_MAX)));
    worker.detach();
    await worker.idle();
  });
});
