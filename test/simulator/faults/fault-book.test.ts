import { expect, it } from 'vitest';

import { FaultBook } from '#simulator/faults/fault-book.ts';

const NUMBER = '15550008001';

it('gives each fault as often as it was ordered, one after the other', () => {
  const faults = new FaultBook();
  faults.addForMessages(NUMBER, { kind: 'nack', code: 463 }, 2);
  faults.addForMessages(NUMBER, { kind: 'lose-ack' }, 1);
  const taken = Array.from({ length: 4 }, () => faults.takeForMessage(NUMBER, 'none')?.kind);
  expect(taken).toEqual(['nack', 'nack', 'lose-ack', undefined]);
});

it('keeps accounts and moments apart', () => {
  const faults = new FaultBook();
  faults.addForLogins('at', NUMBER, { fault: { kind: 'close' }, times: 1 });
  faults.addForLogins('after', NUMBER, { fault: { kind: 'stall' }, times: 0 });
  expect(faults.takeForLogin('at', '15550008002')).toBeUndefined();
  expect(faults.takeForLogin('after', NUMBER)).toBeUndefined();
  expect(faults.takeForMessage(NUMBER, 'none')).toBeUndefined();
  expect(faults.takeForLogin('at', NUMBER)).toEqual({ kind: 'close' });
});

it('spares the messages that a fault does not mean', () => {
  const faults = new FaultBook();
  faults.addForMessages(NUMBER, { kind: 'nack', code: 479, only: 'native_flow' }, 1);
  faults.addForMessages(NUMBER, { kind: 'lose-ack' }, 1);
  expect(faults.takeForMessage(NUMBER, 'none')).toEqual({ kind: 'lose-ack' });
  expect(faults.takeForMessage(NUMBER, 'none')).toBeUndefined();
  expect(faults.takeForMessage(NUMBER, 'native_flow')).toMatchObject({ code: 479 });
  expect(faults.takeForMessage(NUMBER, 'native_flow')).toBeUndefined();
});
