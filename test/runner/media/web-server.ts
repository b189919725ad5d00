import { createServer, type RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';

/** An HTTP server on 127.0.0.1 that answers as the test says, and keeps what was asked of it. */
export async function startWebServer(answer: RequestListener) {
  const requests: { readonly path: string; readonly headers: NodeJS.Dict<string | string[]> }[] =
    [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    connections: () => connections,
  };
}
