import { connect } from 'node:net';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { afterEach } from 'vitest';
import { createLogger } from '#shared/log/create-logger.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../../infra/local/gateway.ts';

export type Handle = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyResultV2>;

const open: Gateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

/** A gateway whose Lambdas all do the same; it listens nowhere yet. */
export function aGateway(handle: Handle, options: Partial<GatewayOptions> = {}): Gateway {
  return createGateway({
    handlers: {
      auth: handle,
      instances: handle,
      messages: handle,
      webhooks: handle,
      settings: handle,
      contacts: handle,
      bot: handle,
      people: handle,
      attachments: handle,
      runners: handle,
      health: handle,
      docs: handle,
      fallback: handle,
    },
    logger: createLogger({ name: 'test', level: 'silent' }),
    ...options,
  });
}

/** A gateway that listens until the test is over. */
export async function startGateway(
  handle: Handle,
  options: Partial<GatewayOptions> = {},
): Promise<{ url: string; port: number; gateway: Gateway }> {
  const gateway = aGateway(handle, options);
  open.push(gateway);
  const port = await gateway.listen(0, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}`, port, gateway };
}

/** What the server writes on a raw connection, until it closes it. */
export async function rawAnswer(port: number, lines: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(lines));
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
