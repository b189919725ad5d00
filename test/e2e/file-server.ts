import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

export type FileServer = {
  readonly origin: string;
  /** Of every request, in the order of their arrival. */
  readonly paths: readonly string[];
  close(): Promise<void>;
};

/** What a path answers: a file, or whatever else it does. */
export type Served = { readonly type: string; readonly bytes: Buffer } | RequestListener;

/** A web server on this machine with a few files; 404 for all else. */
export async function openFileServer(
  served: Readonly<Record<string, Served>>,
): Promise<FileServer> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    paths.push(path);
    const answer = Object.hasOwn(served, path) ? served[path] : undefined;
    if (typeof answer === 'function') return answer(request, response);
    if (answer === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': answer.type }).end(answer.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  // It listens on TCP, and has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${HOST}:${port}`,
    paths,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
