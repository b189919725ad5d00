import type { WASocket } from '@whiskeysockets/baileys';
import type { Line } from './line.ts';

/** How long the other side may take to say goodbye. */
const GOODBYE_MS = 2_000;

/**
 * Makes the closing of a socket short, and final: what has not left by then never leaves. ws waits 30 s for the other
 * side's close frame (ws/lib/websocket.js, closeTimeout), and Baileys waits for ws before it says that the connection
 * is closed; on a line that has gone silent that frame never comes.
 */
export function hangUpSoon(
  client: WASocket['ws'],
  { line, sleep }: { line: Pick<Line, 'reset'>; sleep: (delayMs: number) => Promise<void> },
): void {
  const close = client.close.bind(client);
  client.close = async () => {
    // The ws itself is not part of Baileys' public type.
    const socket = client['socket'];
    const closed = Promise.resolve(close());
    await Promise.race([closed, sleep(GOODBYE_MS)]);
    line.reset();
    socket?.terminate();
    await closed;
  };
}
