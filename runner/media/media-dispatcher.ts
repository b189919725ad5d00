import { Agent, type Dispatcher } from 'undici';

const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS_PER_HOST = 8;
/** Between asking for a file, or giving the last byte of one, and the answer. */
const FIRST_BYTE_TIMEOUT_MS = 30_000;
/** Between two pieces of an answer. */
const PIECE_TIMEOUT_MS = 30_000;

/** To WhatsApp's own media hosts, whose names come from WhatsApp: never to a host that a message or a customer names. */
export function makeMediaDispatcher(): Dispatcher {
  return new Agent({
    connections: CONNECTIONS_PER_HOST,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: FIRST_BYTE_TIMEOUT_MS,
    bodyTimeout: PIECE_TIMEOUT_MS,
  });
}
