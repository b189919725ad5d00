import { timingSafeEqual } from 'node:crypto';

import type { DeviceAddress } from '#simulator/addresses.ts';
import type { SocketFault } from '#simulator/faults/fault-book.ts';
import type { Network } from '#simulator/network.ts';
import { sendFirstSync } from '#simulator/phones/first-sync.ts';
import type { ClientPayload } from '#simulator/proto/messages.ts';
import type { CompanionRecord } from '#simulator/store/companion-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

import { CompanionSession, type StanzaHandler } from './companion-session.ts';
import type { Connection, Hello } from './connection.ts';
import { failureNode, replacedNode } from './stanzas.ts';

const UNAUTHORIZED = 401;

/** Logs a linked device in, or refuses it: with 401 when its noise key is not the linked one. */
export function logIn(
  connection: Connection,
  { hello, handle }: { hello: Hello; handle: StanzaHandler },
  network: Network,
): CompanionSession | undefined {
  const number = String(hello.payload.username ?? '');
  const fault = network.faults.takeForLogin('at', number);
  if (fault) return meetAtLogin(connection, fault);
  const known = findDevice(hello.payload, network);
  if (!known || !isSameKey(known.companion.noisePublic, hello.clientStatic)) {
    return refuse(connection, UNAUTHORIZED);
  }
  const { phone, companion } = known;
  const address = { number: companion.number, device: companion.device };
  const login = network.store.db.transaction(() => countLogin(phone, address, network));
  const session = new CompanionSession(connection, { ...login, address, handle }, network);
  session.start(phone);
  network.live.enter(session);
  const later = network.faults.takeForLogin('after', number);
  if (later) session.meet(later);
  return session;
}

/** The backlog is what waited before the phone welcomes a new device. */
function countLogin(phone: PhoneRecord, address: DeviceAddress, network: Network) {
  const { counters, companions, deliveries } = network.store;
  counters.add('logins');
  const loginNo = companions.nextLogin(address.number, address.device);
  const backlog = deliveries.summary(address);
  if (loginNo === 1) sendFirstSync(phone, address, network);
  return { loginNo, backlog };
}

function findDevice(
  { username, device }: ClientPayload,
  { store }: Pick<Network, 'store'>,
): { phone: PhoneRecord; companion: CompanionRecord } | undefined {
  const number = String(username ?? '');
  const phone = store.phones.find(number);
  const companion = store.companions.find(number, device ?? 0);
  return phone && companion ? { phone, companion } : undefined;
}

function isSameKey(known: Buffer, shown: Buffer): boolean {
  return known.length === shown.length && timingSafeEqual(known, shown);
}

function meetAtLogin(connection: Connection, fault: SocketFault): undefined {
  switch (fault.kind) {
    case 'close':
      connection.terminate();
      return;
    case 'stall':
      connection.stall();
      return;
    case 'replaced':
      connection.send(replacedNode());
      connection.close();
      return;
    case 'stream-error':
      return refuse(connection, fault.code);
  }
}

function refuse(connection: Connection, reason: number): undefined {
  connection.send(failureNode(reason));
  connection.close();
}
