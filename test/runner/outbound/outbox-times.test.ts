import { describe, expect, it, vi } from 'vitest';
import { until } from '../../until.ts';
import { OTHER_CHAT } from '../records.ts';
import { ScriptedSocket } from '../scripted-socket.ts';
import { outboxAtWork } from './outbox-at-work.ts';

const DAY_MS = 24 * 3_600_000;

async function attached(options: Parameters<typeof outboxAtWork>[0] = {}) {
  const work = await outboxAtWork(options);
  const socket = new ScriptedSocket();
  const inMs = (ms: number) => new Date(work.clock.now().getTime() + ms).toISOString();
  return { ...work, socket, inMs };
}

describe('OutboxWorker, with a message for later', () => {
  it('sends it by its own alarm when its time has come, and others of its chat before', async () => {
    const work = await attached();
    const later = await work.acceptOne({ sendAt: work.inMs(30_000) });
    const now = await work.acceptOne();
    work.attach(work.socket);
    await until('the alarm is set', () => work.sleep.asleep.includes(30_000));
    expect(work.socket.sentIds).toEqual([now.waId]);
    work.clock.move(30_000);
    work.sleep.wake(30_000);
    await until('it is sent', () => work.socket.sent.length === 2);
    expect(work.socket.sentIds).toEqual([now.waId, later.waId]);
    await work.acknowledge(later);
    expect(await work.waiting()).toEqual([now.messageId]);
  });

  it('sets one alarm alone, for the first of them, and none when it is detached', async () => {
    const work = await attached();
    await work.acceptOne({ sendAt: work.inMs(50_000) });
    work.attach(work.socket);
    await until('the alarm is set', () => work.sleep.asleep.includes(50_000));
    await work.acceptOne({ sendAt: work.inMs(20_000), chatId: OTHER_CHAT });
    work.worker.ring();
    await until('it rings earlier', () => work.sleep.asleep.includes(20_000));
    await until('the other is off', () => work.sleep.asleep.length === 1);
    work.worker.detach();
    await until('nobody sleeps', () => work.sleep.asleep.length === 0);
  });

  it('does not look at what is due much later', async () => {
    const work = await attached();
    const later = await work.acceptOne({ sendAt: work.inMs(DAY_MS) });
    work.attach(work.socket);
    await work.worker.idle();
    expect(work.sleep.asleep).toEqual([]);
    expect(await work.stateOf(later)).toBe('QUEUED');
  });
});

describe('OutboxWorker, with a message whose time has run out', () => {
  it('gives it up as EXPIRED when no attempt was made of it, and tells of it once', async () => {
    const work = await attached();
    const late = await work.acceptOne({ validUntil: work.inMs(1_000) });
    const inTime = await work.acceptOne({ validUntil: work.inMs(1_001) });
    work.clock.move(1_000);
    work.attach(work.socket);
    await until('the other is sent', () => work.socket.sent.length === 1);
    work.worker.ring();
    await work.worker.idle();
    expect(work.socket.sentIds).toEqual([inTime.waId]);
    const expiredAt = work.clock.now().toISOString();
    expect(work.failed).toMatchObject([{ messageId: late.messageId, state: 'EXPIRED', expiredAt }]);
    expect(work.metrics.figures).toEqual([['MessagesEnded', 1, 'EXPIRED']]);
    expect(await work.waiting()).toEqual([inTime.messageId]);
  });

  it('sends it again when it is in doubt: it may have left', async () => {
    const work = await attached();
    const doubtful = await work.acceptOne({ validUntil: work.inMs(1_000) });
    work.attach(work.socket);
    await until('it is sent', () => work.socket.sent.length === 1);
    work.worker.detach();
    work.clock.move(5_000);
    const next = new ScriptedSocket();
    work.attach(next);
    await until('it is sent again', () => next.sent.length === 1);
    expect(next.sentIds).toEqual([doubtful.waId]);
    expect(work.failed).toEqual([]);
  });
});

describe('OutboxWorker, at a pace', () => {
  const paced = (pace: object) => ({
    instance: {
      pace: {
        on: true,
        per_minute: 60,
        burst: 100,
        chat_gap_ms: 0,
        new_chats_per_day: 0,
        typing: false,
        ...pace,
      },
    },
  });

  it('holds a chat for its gap, keeps its order, and lets the others go on', async () => {
    const work = await attached(paced({ chat_gap_ms: 3_000 }));
    const [first, second] = await work.accept(2);
    const elsewhere = await work.acceptOne({ chatId: OTHER_CHAT });
    const third = await work.acceptOne();
    work.attach(work.socket);
    await until('the alarm is set', () => work.sleep.asleep.includes(3_000));
    expect(work.socket.sentIds).toEqual([first?.waId, elsewhere.waId]);
    for (const [n, { waId = '' } = {}] of [second, third].entries()) {
      work.clock.move(3_000);
      work.sleep.wake(3_000);
      await until('it is sent', () => work.socket.sentIds[2 + n] === waId);
    }
  });

  it('stops altogether when the session may send no more, and goes on by itself', async () => {
    const work = await attached(paced({ burst: 2, per_minute: 60 }));
    const chatIds = [1, 2, 3, 4].map((n) => `234817980370${n}@c.us`);
    const accepted = [];
    for (const chatId of chatIds) accepted.push(await work.acceptOne({ chatId }));
    work.attach(work.socket);
    await until('the alarm is set', () => work.sleep.asleep.includes(1_000));
    expect(work.socket.sentIds).toEqual(accepted.slice(0, 2).map(({ waId }) => waId));
    work.clock.move(1_000);
    work.sleep.wake(1_000);
    await until('one more went', () => work.socket.sent.length === 3);
    await until('the alarm is set', () => work.sleep.asleep.includes(1_000));
    expect(work.socket.sentIds[2]).toBe(accepted[2]?.waId);
    expect(work.failed).toEqual([]);
  });

  it('holds chats that are new when there were enough on this day, until the next', async () => {
    const work = await attached(paced({ new_chats_per_day: 1 }));
    work.chats.remember({ kind: 'phone', phone: '15550000001' }, work.clock.now(), 'us');
    work.chats.remember({ kind: 'phone', phone: '2348179803744' }, work.clock.now(), 'them');
    const [toStranger] = await work.accept(1);
    const toFriend = await work.acceptOne({ chatId: OTHER_CHAT });
    work.attach(work.socket);
    await until('the alarm is set', () => work.sleep.asleep.includes(DAY_MS / 2));
    expect(work.socket.sentIds).toEqual([toFriend.waId]);
    work.clock.move(DAY_MS / 2);
    work.sleep.wake(DAY_MS / 2);
    await until('it is sent', () => work.socket.sentIds.includes(toStranger?.waId ?? ''));
  });

  it('takes another pace from its instance while it works', async () => {
    const work = await attached(paced({ chat_gap_ms: 60_000 }));
    await work.accept(2);
    work.attach(work.socket);
    await until('the alarm is set', () => work.sleep.asleep.includes(60_000));
    work.worker.adopt({ ...work.instance, pace: { on: false } });
    await until('it is sent', () => work.socket.sent.length === 2);
  });

  it('goes on waiting when the pace that it is told is the one that it has', async () => {
    const work = await attached(paced({ chat_gap_ms: 60_000 }));
    await work.accept(2);
    work.attach(work.socket);
    await until('the alarm is set', () => work.sleep.asleep.includes(60_000));
    const due = vi.spyOn(work.outbox, 'due');
    work.worker.adopt(structuredClone(work.instance));
    await work.worker.idle();
    expect(due).not.toHaveBeenCalled();
  });

  it('shows that a text is being written before it goes, for as long as that takes', async () => {
    const work = await attached(paced({ typing: true }));
    await work.acceptOne({ content: { kind: 'text', text: 'hello' } });
    work.attach(work.socket);
    await until('it writes', () => work.sleep.asleep.length === 1);
    expect(work.sleep.asleep).toEqual([5 * 40 + 300]);
    expect(work.socket.shown).toEqual(['2348179803743@c.us composing']);
    expect(work.socket.sent).toEqual([]);
    work.sleep.wake();
    await until('it is sent', () => work.socket.sent.length === 1);
  });

  it('sends a text whose writing could not be shown', async () => {
    const work = await attached(paced({ typing: true }));
    await work.accept(1);
    work.socket.onShow = async () => {
      throw new Error('no presence now');
    };
    work.attach(work.socket);
    await until('it writes', () => work.sleep.asleep.length === 1);
    work.sleep.wake();
    await until('it is sent', () => work.socket.sent.length === 1);
  });

  it.each([
    ['typing is off', paced({}).instance],
    ['there is no pace', {}],
  ])('shows no writing when %s', async (_name, instance) => {
    const work = await attached({ instance });
    await work.accept(1);
    work.attach(work.socket);
    await until('it is sent', () => work.socket.sent.length === 1);
    expect(work.socket.shown).toEqual([]);
  });
});

describe('OutboxWorker, with choices', () => {
  it('keeps them for the chat before the frame leaves, and those of the last message alone', async () => {
    const work = await attached();
    const asking = (id: string) =>
      work.acceptOne({ content: { kind: 'text', text: '?', choices: [{ id, title: id }] } });
    await asking('tea');
    await asking('coffee');
    const kept: unknown[] = [];
    work.socket.onSend = async () => {
      kept.push(await work.choices.get(work.instance.instanceId, '2348179803743@c.us'));
    };
    work.attach(work.socket);
    await until('both are sent', () => kept.length === 2);
    expect(kept).toEqual([[{ id: 'tea', title: 'tea' }], [{ id: 'coffee', title: 'coffee' }]]);
  });
});
