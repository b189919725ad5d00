import { createServer } from 'node:http';

/** The container's own health check is the only caller. */
const HOST = '127.0.0.1';

export type Health = {
  readonly state: 'ALIVE' | 'DRAINING';
  readonly sessions: number;
  readonly shards: number;
  /** Since the start of the last good heartbeat. */
  readonly lastBeatAgoMs: number;
};

export type HealthServer = {
  readonly port: number;
  close(): Promise<void>;
};

/**
 * Answers every call with the runner's health: 200 while it has beaten within `staleAfterMs`, 503 else. `port` 0 takes
 * a free one.
 */
export async function openHealthServer(
  { port, staleAfterMs }: { port: number; staleAfterMs: number },
  look: () => Health,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    request.resume();
    const health = look();
    const status = health.lastBeatAgoMs < staleAfterMs ? 200 : 503;
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    response.writeHead(status, headers).end(JSON.stringify(health));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
