import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decidePace,
  notePace,
  type PaceDecision,
  type PacedMessage,
  type PaceState,
  restedPaceState,
} from '#shared/domain/decide-pace.ts';
import type { Pace } from '#shared/domain/pace.ts';

const NOON_MS = Date.parse('2026-11-22T12:00:00.000Z');
const MIDNIGHT_MS = Date.parse('2026-11-23T00:00:00.000Z');
const PACE: Pace = {
  per_minute: 20,
  burst: 5,
  chat_gap_ms: 1_000,
  new_chats_per_day: 50,
  typing: true,
};

const paces: fc.Arbitrary<Pace> = fc.record({
  per_minute: fc.integer({ min: 1, max: 600 }),
  burst: fc.integer({ min: 1, max: 100 }),
  chat_gap_ms: fc.integer({ min: 0, max: 60_000 }),
  new_chats_per_day: fc.integer({ min: 0, max: 3 }),
  typing: fc.boolean(),
});

/** Somebody who wants to send to one of three chats, so long after the one before. */
const wishes = fc.array(
  fc.record({
    chatId: fc.constantFrom('a', 'b', 'c'),
    isNewChat: fc.boolean(),
    newChatsToday: fc.integer({ min: 0, max: 4 }),
    afterMs: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 90_000 })),
  }),
  { minLength: 1, maxLength: 120 },
);

type Sent = { readonly chatId: string; readonly atMs: number };

function to(chatId: string, atMs: number, more: Partial<PacedMessage> = {}): PacedMessage {
  return { chatId, isNewChat: false, newChatsToday: 0, atMs, ...more };
}

/** Sends all that may go at once; what is to wait is dropped. */
function sendAll(
  pace: Pace,
  messages: readonly PacedMessage[],
  start: PaceState,
): { sent: Sent[]; state: PaceState } {
  let state = start;
  const sent: Sent[] = [];
  for (const message of messages) {
    if (decidePace(pace, state, message).kind === 'wait') continue;
    state = notePace(pace, state, message);
    sent.push(message);
  }
  return { sent, state };
}

function readyAt(decision: PaceDecision, atMs: number): number {
  return decision.kind === 'wait' ? decision.untilMs : atMs;
}

/** The message as it is on the day of its time: on a new one no chats have been begun. */
function onItsDay(message: PacedMessage): PacedMessage {
  return message.atMs >= MIDNIGHT_MS ? { ...message, newChatsToday: 0 } : message;
}

/** The wishes as messages, one after the other. */
const traffic = wishes.map((list) => {
  let atMs = NOON_MS;
  return list.map(({ afterMs, ...message }): PacedMessage => {
    atMs += afterMs;
    return { ...message, atMs };
  });
});

describe('decidePace', () => {
  it('lets no more go in any window than the burst and what the minutes bring', () => {
    fc.assert(
      fc.property(paces, traffic, (pace, messages) => {
        const { sent } = sendAll(pace, messages, restedPaceState(pace, NOON_MS));
        for (const [first, { atMs: fromMs }] of sent.entries()) {
          for (const [last, { atMs: toMs }] of sent.entries()) {
            const allowed = pace.burst + ((toMs - fromMs) * pace.per_minute) / 60_000;
            if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(allowed + 0.001);
          }
        }
      }),
    );
  });

  it('keeps the gap between two messages to one chat', () => {
    fc.assert(
      fc.property(paces, traffic, (pace, messages) => {
        const { sent } = sendAll(pace, messages, restedPaceState(pace, NOON_MS));
        for (const chatId of ['a', 'b', 'c']) {
          const times = sent.filter((each) => each.chatId === chatId).map(({ atMs }) => atMs);
          const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
          for (const gapMs of gaps) expect(gapMs).toBeGreaterThanOrEqual(pace.chat_gap_ms);
        }
      }),
    );
  });

  it('tells when a message may go: then, not before, and ever after', () => {
    const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(paces, traffic, fraction, (pace, messages, part) => {
        const { state } = sendAll(pace, messages.slice(0, -1), restedPaceState(pace, NOON_MS));
        const last = messages.at(-1) ?? to('a', NOON_MS);
        const decision = decidePace(pace, state, last);
        const readyMs = readyAt(decision, last.atMs);
        const later = (atMs: number) => decidePace(pace, state, onItsDay({ ...last, atMs }));
        expect(Number.isInteger(readyMs)).toBe(true);
        for (const delayMs of [0, 1, 60_000, 86_400_000]) {
          expect(later(readyMs + delayMs)).toEqual({ kind: 'send' });
        }
        if (decision.kind === 'send') return;
        const between = last.atMs + Math.floor(part * (readyMs - last.atMs));
        for (const atMs of [between, readyMs - 1]) expect(later(atMs).kind).toBe('wait');
      }),
    );
  });

  it('holds up new chats alone until the next day begins, once there were enough', () => {
    const state = restedPaceState(PACE, NOON_MS);
    const decide = (isNewChat: boolean, newChatsToday: number) =>
      decidePace(PACE, state, to('a', NOON_MS, { isNewChat, newChatsToday }));

    expect(decide(true, 49)).toEqual({ kind: 'send' });
    expect(decide(true, 50)).toEqual({ kind: 'wait', untilMs: MIDNIGHT_MS, scope: 'new_chats' });
    expect(decide(false, 50)).toEqual({ kind: 'send' });
    const unlimited = { ...PACE, new_chats_per_day: 0 };
    const many = to('a', NOON_MS, { isNewChat: true, newChatsToday: 9_999 });
    expect(decidePace(unlimited, state, many)).toEqual({ kind: 'send' });
  });

  it('says who waits: a chat for its gap, and all when the burst is used up', () => {
    const chats = ['a', 'b', 'c', 'd'].map((chatId) => to(chatId, NOON_MS));
    const { state } = sendAll(PACE, chats, restedPaceState(PACE, NOON_MS));

    const again = decidePace(PACE, state, to('a', NOON_MS + 100));
    expect(again).toEqual({ kind: 'wait', untilMs: NOON_MS + 1_000, scope: 'chat' });
    const fifth = notePace(PACE, state, to('e', NOON_MS));
    const sixth = decidePace(PACE, fifth, to('f', NOON_MS));
    expect(sixth).toEqual({ kind: 'wait', untilMs: NOON_MS + 3_000, scope: 'session' });
  });

  it('lets a message go when the clock was set back, and counts from there', () => {
    const empty: PaceState = { tokens: 0, refilledAtMs: NOON_MS, lastSentAtMs: { a: NOON_MS } };
    const early = to('a', NOON_MS - 3_600_000);

    expect(decidePace(PACE, empty, early)).toEqual({ kind: 'send' });
    const next = decidePace(PACE, notePace(PACE, empty, early), to('b', early.atMs + 10));
    expect(next).toMatchObject({ kind: 'wait', scope: 'session' });
  });
});

describe('notePace', () => {
  it('remembers no chat whose gap is over', () => {
    fc.assert(
      fc.property(paces, traffic, (pace, messages) => {
        const { sent, state } = sendAll(pace, messages, restedPaceState(pace, NOON_MS));
        const lastMs = sent.at(-1)?.atMs ?? NOON_MS;
        for (const [chatId, sentAtMs] of Object.entries(state.lastSentAtMs)) {
          const isLast = chatId === sent.at(-1)?.chatId;
          expect(isLast || lastMs - sentAtMs < pace.chat_gap_ms).toBe(true);
        }
      }),
    );
  });

  it('leaves the state before it as it was', () => {
    const state = restedPaceState(PACE, NOON_MS);
    notePace(PACE, state, to('a', NOON_MS));
    expect(state).toEqual({ tokens: 5, refilledAtMs: NOON_MS, lastSentAtMs: {} });
  });
});
