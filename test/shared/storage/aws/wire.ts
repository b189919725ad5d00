import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { AwsRunnerStorageOptions } from '#shared/storage/aws/open-aws-storage.ts';
import { openAwsRunnerStorage } from '#shared/storage/aws/open-aws-storage.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';

/** What came over the wire. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

/**
 * One answer. `lost`: the connection breaks before it. `silence`: it never comes. `brokenOff`: its body ends in the
 * middle. `brokenOffAtOnce`: and before its first byte.
 */
export type Answer =
  | {
      readonly status: number;
      readonly body?: string;
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'lost'
  | 'silence'
  | 'brokenOff'
  | 'brokenOffAtOnce';

export type Wire = {
  readonly storage: RunnerStorage;
  readonly asked: readonly Asked[];
  /** How long the adapters' own retries waited. */
  readonly sleptMs: readonly number[];
  /** Ends when so many requests have come. */
  untilAsked(count: number): Promise<void>;
};

/**
 * The storage in front of a service that says what it is told to, one answer a request; the last one stays. Nothing
 * else can make a service lose an answer or refuse a write just then.
 */
export async function openOnWire(answers: readonly Answer[], now = new Date()): Promise<Wire> {
  const asked: Asked[] = [];
  const sleptMs: number[] = [];
  const arrivals = new EventTarget();
  const server = createServer(async (request, response) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(await read(request));
    arrivals.dispatchEvent(new Event('asked'));
    if (answer !== undefined) give(answer, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const options: AwsRunnerStorageOptions = {
    tableName: 'table',
    queueUrlBase: 'https://sqs.test/1/base-',
    mediaBucket: 'media',
    authBucket: 'auth',
    kmsKeyId: 'auth-key',
    target: {
      endpoint: `http://127.0.0.1:${portOf(server.address())}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    },
    ambient: { now: () => now, sleep: async (ms) => void sleptMs.push(ms), random: () => 1 },
  };
  const storage = openAwsRunnerStorage(options);
  onTestFinished(async () => {
    server.closeAllConnections();
    await storage.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const untilAsked = async (count: number) => {
    while (asked.length < count) {
      await new Promise((resolve) => arrivals.addEventListener('asked', resolve, { once: true }));
    }
  };
  return { storage, asked, sleptMs, untilAsked };
}

/** An answer in JSON, as DynamoDB and SQS give it. */
export function json(body: object, status = 200): Answer {
  return { status, body: JSON.stringify(body), type: 'application/x-amz-json-1.0' };
}

/** A fault in JSON. */
export function fault(name: string, more: object = {}, status = 400): Answer {
  return json({ __type: `com.amazonaws#${name}`, message: name, ...more }, status);
}

/** A fault as SQS gives it, which names it in two ways. */
export function sqsFault(name: string, queryName: string, message: string): Answer {
  const body = JSON.stringify({ __type: name, message });
  const headers = { 'x-amzn-query-error': `${queryName};Sender` };
  return { status: 400, body, type: 'application/x-amz-json-1.0', headers };
}

/** A fault in XML, as S3 gives it. */
export function xmlFault(status: number, code: string): Answer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
  return { status, body, type: 'application/xml' };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, body: Buffer.concat(chunks).toString() };
}

function give(answer: Answer, response: ServerResponse): void {
  if (answer === 'silence') return;
  if (answer === 'lost') return void response.destroy();
  if (answer === 'brokenOff') {
    response.writeHead(200, { 'content-length': 1_000, etag: '"v1"' });
    return void response.write('begin', () => response.destroy());
  }
  if (answer === 'brokenOffAtOnce') {
    response.writeHead(206, { 'content-length': 995, etag: '"v1"' }).flushHeaders();
    return void setImmediate(() => response.destroy());
  }
  const { status, body = '', type = 'text/plain', headers = {} } = answer;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': type, 'content-length': length, ...headers });
  response.end(body);
}

function portOf(address: string | object | null): number {
  if (typeof address !== 'object' || address === null || !('port' in address)) {
    throw new Error('The server has no port.');
  }
  return Number(address.port);
}
