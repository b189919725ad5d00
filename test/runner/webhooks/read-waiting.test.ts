import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePlaces } from '#runner/webhooks/read-waiting.ts';
import { readWaitingKey, type WaitingPlace, waitingKeyOf } from '#shared/domain/delivery.ts';

const NOW_MS = 1_000_000;
const place = (seq: number, dueMs = 0): WaitingPlace => ({ deliveryId: `d${seq}`, seq, dueMs });
const none = () => false;
const seqsOf = (places: readonly WaitingPlace[]) => places.map(({ seq }) => seq);

describe('choosePlaces', () => {
  it('takes what is due, the oldest first, and tells when the next is due', () => {
    const places = [place(7), place(3, NOW_MS - 1), place(5, NOW_MS), place(1, NOW_MS + 9)];
    const { chosen, isFull, nextDueMs } = choosePlaces(places, { isKnown: none, room: 10 }, NOW_MS);
    expect(seqsOf(chosen)).toEqual([3, 5, 7]);
    expect([isFull, nextDueMs]).toEqual([false, NOW_MS + 9]);
  });

  it('takes what is not due as well when it is hurried', () => {
    const places = [place(7), place(3, NOW_MS + 1), place(5, NOW_MS + 2)];
    const wanted = { isKnown: none, isHurried: (id: string) => id !== 'd5', room: 10 };
    const { chosen, nextDueMs } = choosePlaces(places, wanted, NOW_MS);
    expect(seqsOf(chosen)).toEqual([3, 7]);
    expect(nextDueMs).toBe(NOW_MS + 2);
  });

  it('takes no more than there is room for, but every test, and nothing twice', () => {
    const seq = fc.nat(300);
    const places = fc.uniqueArray(fc.tuple(seq, fc.constantFrom(0, NOW_MS - 5, NOW_MS + 5)), {
      selector: ([one]) => one,
    });
    fc.assert(
      fc.property(places, fc.nat(40), seq, (all, room, known) => {
        const isKnown = (id: string) => id === `d${known}`;
        const table = all.map(([one, dueMs]) => place(one, dueMs));
        const { chosen, isFull } = choosePlaces(table, { isKnown, room }, NOW_MS);
        const due = table.filter(
          ({ dueMs, deliveryId }) => dueMs <= NOW_MS && !isKnown(deliveryId),
        );
        const tests = due.filter((one) => one.seq === 0).length;
        expect(chosen).toHaveLength(Math.min(due.length, room + tests));
        expect(isFull).toBe(chosen.length < due.length);
        expect(seqsOf(chosen)).toEqual([...seqsOf(chosen)].sort((a, b) => a - b));
      }),
    );
  });
});

describe('the place of a delivery', () => {
  it('is read as it was written', () => {
    const deliveryId = '01KAZ4G5M6N7P8Q9RSTVWXYZ01';
    const nextAttemptAt = '2026-11-25T12:00:00.000Z';
    const key = waitingKeyOf({ seq: 12, deliveryId, nextAttemptAt });
    expect(readWaitingKey(key)).toEqual({ seq: 12, deliveryId, dueMs: Date.parse(nextAttemptAt) });
    expect(readWaitingKey(waitingKeyOf({ seq: 0, deliveryId }))).toEqual(place0(deliveryId));
  });
});

const place0 = (deliveryId: string): WaitingPlace => ({ deliveryId, seq: 0, dueMs: 0 });
