import { once } from 'node:events';
import type { Server } from 'node:net';

/** Resolves when the server accepts connections; rejects when the port is taken. */
export async function listenOn(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

/** The port on which a listening server is. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** Resolves when the server and all its connections are closed. */
export async function stopServer(server: Server & { closeAllConnections?(): void }): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections?.();
  await closed;
}
