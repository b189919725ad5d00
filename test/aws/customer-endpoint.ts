import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { issueTlsIdentity } from '#simulator/media/certificate.ts';

/** A public name: the deployed API takes no other. `customer-dns.ts` leads it to this machine. */
const NAME = 'hooks.example.com';

type ReceivedWebhook = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type CustomerEndpoint = {
  readonly url: string;
  /** PEM: whom a runner must trust to post to it. */
  readonly certificate: string;
  /** In the order of their arrival. */
  readonly received: readonly ReceivedWebhook[];
  /** Throws when the signature is not right. */
  verify(webhook: ReceivedWebhook, secret: string): void;
  close(): Promise<void>;
};

/** A customer's https endpoint, which keeps what it gets and answers 204. */
export async function openCustomerEndpoint(): Promise<CustomerEndpoint> {
  const { key, certificate } = await issueTlsIdentity([NAME], new Date());
  const received: ReceivedWebhook[] = [];
  const server = createServer({ key, cert: certificate }, (request, response) => {
    text(request).then(
      (body) => {
        const headers = Object.entries(request.headers);
        received.push({
          headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
          body,
        });
        response.writeHead(204).end();
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://${NAME}:${port}/webhook`,
    certificate,
    received,
    verify: ({ body, headers }, secret) => void new Webhook(secret).verify(body, headers),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
