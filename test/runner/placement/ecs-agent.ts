import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const TASK_ARN =
  'arn:aws:ecs:us-west-2:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c';

type Call = { readonly method: string | undefined; readonly path: string; readonly body: unknown };
type Answer = { readonly status?: number; readonly body: unknown };

/**
 * The two endpoints that ECS gives a task, in the shapes that its guide documents
 * (task-metadata-endpoint-v4-fargate-response, task-scale-in-protection-endpoint).
 */
export async function startEcsAgent() {
  const calls: Call[] = [];
  const agent = {
    calls,
    /** What was asked of the protection, in order. */
    protections: () => calls.filter(({ method }) => method === 'PUT').map(({ body }) => body),
    onTask: (): Answer => ({
      body: {
        Cluster: 'default',
        TaskARN: TASK_ARN,
        Family: 'whatsapp-bots-runner',
        Revision: '26',
        DesiredStatus: 'RUNNING',
        KnownStatus: 'RUNNING',
        Limits: { CPU: 0.25, Memory: 512 },
        AvailabilityZone: 'us-west-2d',
        LaunchType: 'FARGATE',
        Containers: [],
      },
    }),
    onProtection: (isProtected: boolean): Answer => ({
      body: {
        protection: {
          ExpirationDate: isProtected ? '2026-11-22T14:00:00Z' : null,
          ProtectionEnabled: isProtected,
          TaskArn: TASK_ARN,
        },
      },
    }),
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await Array.fromAsync(request)).toString('utf8');
    const body = text === '' ? undefined : JSON.parse(text);
    const path = request.url ?? '';
    calls.push({ method: request.method, path, body });
    const { status = 200, body: told } = path.endsWith('/task')
      ? agent.onTask()
      : agent.onProtection(body.ProtectionEnabled);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told));
  }

  const { port } = server.address() as AddressInfo;
  return Object.assign(agent, {
    metadataUri: `http://127.0.0.1:${port}/v4/158d1c80`,
    agentUri: `http://127.0.0.1:${port}/api/158d1c80`,
    /** From now on nobody answers. */
    async hangUp(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
