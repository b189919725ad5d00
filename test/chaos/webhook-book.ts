import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { type Delivery, nameOf } from './history.ts';
import type { Linked } from './link-instances.ts';

const HOST = '127.0.0.1';

const Told = z.object({
  id: z.string(),
  instance_id: z.string(),
  data: z.object({ body: z.string(), sender: z.object({ phone: z.string() }) }),
});

/** The one endpoint of all instances: checks each signature, and keeps what was told in the order of arrival. */
export class WebhookBook {
  readonly deliveries: Delivery[] = [];
  readonly url: string;
  readonly #server: Server;
  readonly #instances = new Map<string, Pick<Linked, 'number' | 'secret'>>();
  readonly #told = new Set<string>();

  private constructor(server: Server) {
    this.#server = server;
    // It listens on TCP, and has an address with a port.
    this.url = `http://${HOST}:${(server.address() as AddressInfo).port}/webhook`;
  }

  static async open(): Promise<WebhookBook> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    const book = new WebhookBook(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        book.#take(request, Buffer.concat(chunks).toString('utf8'));
        response.writeHead(204).end();
      });
    });
    return book;
  }

  /** From now on its signatures can be checked. */
  add({ instanceId, number, secret }: Linked): void {
    this.#instances.set(instanceId, { number, secret });
  }

  /** How many events were told of, each once. */
  get eventCount(): number {
    return this.#told.size;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take({ headers }: IncomingMessage, body: string): void {
    const { id, instance_id, data } = Told.parse(JSON.parse(body));
    const instance = this.#instances.get(instance_id);
    const business = instance?.number ?? instance_id;
    this.#told.add(id);
    this.deliveries.push({
      eventId: id,
      chat: nameOf({ business, customer: data.sender.phone }),
      text: data.body,
      atMs: Date.now(),
      isSigned: instance !== undefined && isSigned(body, headers, instance.secret),
    });
  }
}

function isSigned(body: string, headers: IncomingMessage['headers'], secret: string): boolean {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  try {
    new Webhook(secret).verify(body, Object.fromEntries(texts));
    return true;
  } catch {
    return false;
  }
}
