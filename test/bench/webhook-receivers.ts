import { createServer, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** How an endpoint answers. */
export type Manner = 'answers' | 'hangs' | 'resets' | 'fails';

/** Endpoints on one host, told apart by their paths: `/answers/7`. */
export class WebhookReceivers {
  readonly #server: Server;
  readonly #onPost: (body: string, atMs: number) => void;
  #url = '';

  /** Hears of each post to an endpoint that answers, when the first byte of it is there. */
  constructor(onPost: (body: string, atMs: number) => void) {
    this.#onPost = onPost;
    this.#server = createServer((request, response) => {
      const atMs = performance.now();
      const [, manner] = request.url?.split('/') ?? [];
      void text(request).then((body) => this.#answer({ manner, body, atMs }, response));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    this.#url = `http://127.0.0.1:${address.port}`;
  }

  urlOf(manner: Manner, n: number): string {
    return `${this.#url}/${manner}/${n}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(
    { manner, body, atMs }: { manner: string | undefined; body: string; atMs: number },
    response: ServerResponse,
  ): void {
    switch (manner) {
      case 'answers':
        this.#onPost(body, atMs);
        response.writeHead(204).end();
        return;
      case 'fails':
        response.writeHead(500).end();
        return;
      case 'resets':
        response.destroy();
        return;
    }
  }
}
