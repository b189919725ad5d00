import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

const HOST = '127.0.0.1';

type ReceivedWebhook = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type WebhookReceiver = {
  readonly url: string;
  /** In the order of their arrival. */
  readonly received: readonly ReceivedWebhook[];
  /** Throws when the signature is not right. */
  verify(webhook: ReceivedWebhook, secret: string): void;
  /** What it answers from now on. */
  answerWith(status: number): void;
  close(): Promise<void>;
};

/** An endpoint on this machine that keeps what it gets, and answers 204 until it is told otherwise. */
export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      received.push({
        headers: Object.fromEntries(headers),
        body: Buffer.concat(chunks).toString('utf8'),
      });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}/webhook`,
    received,
    verify: ({ body, headers }, secret) => void new Webhook(secret).verify(body, headers),
    answerWith: (next) => {
      status = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
