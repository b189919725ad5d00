import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPending,
  MessageState,
  statesBefore,
  TIME_FIELDS,
  toAck,
  toSerializedId,
  toWaId,
} from '#shared/domain/message.ts';

const state = fc.constantFrom(...MessageState.options);
const FINAL = ['FAILED', 'EXPIRED', 'CANCELED'];

describe('the states of a message', () => {
  it('never go in a circle', () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        expect(statesBefore(a).includes(b) && statesBefore(b).includes(a)).toBe(false);
      }),
    );
  });

  it('go on from where one can go on: the way is transitive', () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        fc.pre(statesBefore(b).includes(a) && statesBefore(c).includes(b));
        expect(statesBefore(c)).toContain(a);
      }),
    );
  });

  it('end for good, and only from where nothing has left yet', () => {
    for (const to of MessageState.options) {
      expect(statesBefore(to).some((from) => FINAL.includes(from))).toBe(false);
    }
    expect(MessageState.options.filter(isPending)).toEqual(statesBefore('FAILED'));
    expect(statesBefore('QUEUED')).toEqual([]);
  });

  it('have an ack that never falls while they go forward', () => {
    fc.assert(
      fc.property(state, state, (from, to) => {
        fc.pre(statesBefore(to).includes(from) && !FINAL.includes(to));
        expect(toAck(to)).toBeGreaterThanOrEqual(toAck(from));
      }),
    );
    expect(MessageState.options.map(toAck)).toEqual([0, 0, 1, 2, 3, 4, -1, -1, -1]);
  });

  it('keep each its own time', () => {
    expect(new Set(Object.values(TIME_FIELDS)).size).toBe(MessageState.options.length);
  });
});

it('makes ids of the form that WhatsApp Web uses', () => {
  const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
  fc.assert(fc.property(hash, (hex) => /^3EB0[0-9A-F]{18}$/.test(toWaId(hex))));
  const message = { fromMe: true, chatId: '2348179803743@c.us', waId: '3EB015715C3A6439227F' };
  expect(toSerializedId(message)).toBe('true_2348179803743@c.us_3EB015715C3A6439227F');
});
