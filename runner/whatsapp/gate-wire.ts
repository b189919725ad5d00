import type { WASocket } from '@whiskeysockets/baileys';

/**
 * Lets no frame leave once the runner must not act: the send throws. What it writes is refused elsewhere; but a process
 * that was frozen still has frames in hand that wait for no write, acknowledgements of receipts and pings. The line
 * itself is gated: of the client above it, Baileys has kept the original `send` (Socket/socket.js, sendPromise).
 */
export function gateWire(client: WASocket['ws'], mayAct: () => boolean): void {
  // The ws itself is not part of Baileys' public type.
  const line = client['socket'];
  if (line === null) throw new Error('There is no line to gate.');
  line.send = new Proxy(line.send, {
    apply(send, self, args) {
      if (mayAct()) return Reflect.apply(send, self, args);
      line.terminate();
      throw new Error('The runner must not act any more.');
    },
  });
}
