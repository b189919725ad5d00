import { expect, it } from 'vitest';
import type { OutgoingMessage } from '#runner/session/outgoing-message.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { messagesOf } from '../../simulator/end-to-end/control-client.ts';
import { until } from '../../until.ts';
import { OTHER_PHONE, onSimulatedNetwork } from './linked-socket.ts';

silenceLibsignal();

const aText = (digit: number): OutgoingMessage => ({
  waId: `3EB0${String(digit).repeat(18)}`,
  to: { kind: 'phone', phone: OTHER_PHONE },
  content: { kind: 'text', text: `text ${digit}` },
  at: new Date('2026-11-22T12:00:00Z'),
});

it('lets nothing on the wire once the runner must not act, and hangs up', async () => {
  const network = await onSimulatedNetwork();
  const { socket, heard } = await network.link();
  await socket.send(aText(1));
  await until('it is delivered', () => heard.receipts.length > 0);
  network.fence.isClosed = true;
  await expect(socket.send(aText(2))).rejects.toThrow();
  await socket.closed;
  const shown = await messagesOf(network.simulator, OTHER_PHONE);
  expect(shown.map(({ id }) => id)).toEqual([aText(1).waId]);
});
