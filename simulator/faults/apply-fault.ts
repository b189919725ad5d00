import type { Network } from '#simulator/network.ts';
import { unlinkDevice } from '#simulator/server/device-list.ts';

import type { MessageFault, SocketFault } from './fault-book.ts';

/** What somebody ordered to go wrong for an account; `times` counts messages or sockets. */
export type FaultOrder = { readonly times: number } & (
  | MessageFault
  | { readonly kind: 'logout' }
  | (SocketFault & { readonly at: 'now' | 'login' })
);

/** `sockets` met the fault at once, `waiting` messages or logins will. */
export type FaultOutcome =
  | { readonly kind: 'applied'; readonly sockets: number; readonly waiting: number }
  | { readonly kind: 'no_live_device' };

/**
 * Makes it go wrong. A socket's fault strikes all live sockets of the account now, and with
 * `times` above 1 also the sockets of its next `times - 1` logins, right after their success.
 */
export function applyFault(number: string, order: FaultOrder, network: Network): FaultOutcome {
  switch (order.kind) {
    case 'nack':
    case 'lose-ack': {
      const { times, ...fault } = order;
      network.faults.addForMessages(number, fault, times);
      return { kind: 'applied', sockets: 0, waiting: times };
    }
    case 'logout':
      return unlinkAll(number, network);
    case 'close':
    case 'stall':
    case 'replaced':
    case 'stream-error': {
      const { times, at, ...fault } = order;
      return at === 'now'
        ? strikeNow(number, { fault, times }, network)
        : keepForLogins(number, { fault, times }, network);
    }
  }
}

function strikeNow(
  number: string,
  { fault, times }: { fault: SocketFault; times: number },
  { live, faults }: Network,
): FaultOutcome {
  const devices = live.of(number);
  if (devices.length === 0) return { kind: 'no_live_device' };
  faults.addForLogins('after', number, { fault, times: times - 1 });
  for (const device of devices) device.meet(fault);
  return { kind: 'applied', sockets: devices.length, waiting: times - 1 };
}

function keepForLogins(
  number: string,
  waiting: { fault: SocketFault; times: number },
  { faults }: Network,
): FaultOutcome {
  faults.addForLogins('at', number, waiting);
  return { kind: 'applied', sockets: 0, waiting: waiting.times };
}

/** The phone removes every linked device. */
function unlinkAll(number: string, network: Network): FaultOutcome {
  const sockets = network.live.of(number).length;
  const { db, companions } = network.store;
  db.transaction(() => {
    for (const { device } of companions.list(number)) unlinkDevice({ number, device }, network);
  });
  return { kind: 'applied', sockets, waiting: 0 };
}
