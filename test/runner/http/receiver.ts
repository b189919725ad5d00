import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export type ReceivedPost = {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

type Answer = (post: ReceivedPost, response: ServerResponse) => void | Promise<void>;

/** An HTTP server on 127.0.0.1 that keeps what is posted to it, and answers as the test says: 204 usually. */
export async function startReceiver(
  answer: Answer = (_post, response) => void response.writeHead(204).end(),
) {
  const posts: ReceivedPost[] = [];
  let connections = 0;
  const receiver = { answer };
  const server = createServer((request, response) => {
    void take(request).then((post) => {
      posts.push(post);
      return receiver.answer(post, response);
    });
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
    url: `http://127.0.0.1:${address.port}/hook`,
    port: address.port,
    posts,
    connections: () => connections,
    /** From now on. */
    answerWith(next: Answer): void {
      receiver.answer = next;
    },
  };
}

async function take(request: IncomingMessage): Promise<ReceivedPost> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return { path: request.url ?? '', headers, body: await text(request) };
}
