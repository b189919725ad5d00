import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { ACCOUNT, REGION } from './harness/emulator.ts';

const HOST = '127.0.0.1';
const MINUTE_MS = 60_000;
/** Without a time, protection lapses after two hours. */
const EXPIRES_IN_MINUTES = 120;

const ProtectionRequest = z.strictObject({
  ProtectionEnabled: z.boolean(),
  ExpiresInMinutes: z.int().min(1).max(2_880).optional(),
});
type ProtectionRequest = z.infer<typeof ProtectionRequest>;

export type FakeEcsAgent = {
  /** The two variables by which ECS tells a container where its agent is. */
  readonly environment: Readonly<Record<string, string>>;
  readonly taskArn: string;
  /** Every request for protection, in the order of their arrival. */
  readonly protection: readonly ProtectionRequest[];
  close(): Promise<void>;
};

/**
 * The two endpoints of the ECS agent that a task may ask, as AWS documents them: the task metadata endpoint version 4
 * and the task scale-in protection endpoint. One agent stands for one task.
 */
export async function openFakeEcsAgent(taskId: string): Promise<FakeEcsAgent> {
  const cluster = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/whatsapp-bots`;
  const taskArn = `arn:aws:ecs:${REGION}:${ACCOUNT}:task/whatsapp-bots/${taskId}`;
  const protection: ProtectionRequest[] = [];
  const answerTo = async (request: IncomingMessage): Promise<unknown> => {
    switch (`${request.method} ${request.url}`) {
      case 'GET /v4/container/task':
        return toMetadata({ cluster, taskArn });
      case 'PUT /api/container/task-protection/v1/state':
        protection.push(ProtectionRequest.parse(await json(request)));
        return { protection: toProtection(taskArn, protection.at(-1)) };
      case 'GET /api/container/task-protection/v1/state':
        return { protection: toProtection(taskArn, protection.at(-1)) };
      default:
        return undefined;
    }
  };
  const server = createServer((request, response) => {
    void answerTo(request)
      .catch((error: unknown) => ({ error: { Code: 'InvalidRequest', Message: String(error) } }))
      .then((answer) => {
        response.writeHead(answer === undefined ? 404 : 200, {
          'content-type': 'application/json',
        });
        response.end(JSON.stringify(answer));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    environment: {
      ECS_CONTAINER_METADATA_URI_V4: `${url}/v4/container`,
      ECS_AGENT_URI: `${url}/api/container`,
    },
    taskArn,
    protection,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toMetadata({ cluster, taskArn }: { cluster: string; taskArn: string }) {
  return {
    Cluster: cluster,
    TaskARN: taskArn,
    Family: 'whatsapp-bots-runner',
    Revision: '1',
    DesiredStatus: 'RUNNING',
    KnownStatus: 'RUNNING',
    LaunchType: 'FARGATE',
    AvailabilityZone: `${REGION}a`,
    Containers: [],
  };
}

function toProtection(taskArn: string, request: ProtectionRequest | undefined) {
  if (!request?.ProtectionEnabled) return { ProtectionEnabled: false, TaskArn: taskArn };
  const { ExpiresInMinutes = EXPIRES_IN_MINUTES } = request;
  const expiresAt = new Date(Date.now() + ExpiresInMinutes * MINUTE_MS);
  return { ProtectionEnabled: true, ExpirationDate: expiresAt.toISOString(), TaskArn: taskArn };
}
