import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

/** What a Lambda is told; nothing is there, and nothing is asked for before the first answer. */
const ENVIRONMENT = {
  STORAGE: 'aws',
  TABLE_NAME: 'table',
  QUEUE_URL_BASE: 'http://127.0.0.1:9/1/bots-',
  MEDIA_BUCKET: 'media',
  JWT_SECRET_ARN: 'secret',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
};
const TIMEOUT_MS = 20_000;

/** Calls that are answered without the table: for want of credentials or of a route. */
const CALLS: Readonly<Record<string, unknown>> = {
  auth: callOf('POST /auth/login'),
  instances: callOf('POST /whatsapp/init'),
  messages: callOf('POST /whatsapp/message'),
  webhooks: callOf('PUT /whatsapp/setWebhook'),
  bot: callOf('POST /whatsapp/bot/preview'),
  people: callOf('GET /whatsapp/check/{number}'),
  contacts: callOf('GET /whatsapp/contacts'),
  attachments: callOf('GET /whatsapp/attachments'),
  settings: callOf('PUT /whatsapp/updateGeneral'),
  runners: callOf('GET /runners'),
  health: callOf('GET /nothing'),
  docs: callOf('GET /openapi.json'),
  fallback: callOf('$default'),
  'runner-stopped': {
    'detail-type': 'ECS Task State Change',
    detail: { taskArn: 'arn:aws:ecs:eu-west-1:1:task/bots/1', lastStatus: 'RUNNING' },
  },
};

/** The folders of all Lambdas under `functions/`. */
export const LAMBDAS: readonly string[] = Object.keys(CALLS);

const ColdStart = z.object({
  importMs: z.number(),
  /** From the import on, to the first answer. */
  answerMs: z.number(),
  statusCode: z.number().optional(),
});
export type ColdStart = z.infer<typeof ColdStart>;

/** A process of its own imports the file, as Lambda does, and calls its handler where it has one. */
export async function coldStart(file: string, lambda?: string): Promise<ColdStart> {
  const script = `
    const startMs = performance.now();
    const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const importedMs = performance.now();
    const answer = await handler?.(${JSON.stringify(CALLS[lambda ?? ''] ?? {})}, {});
    const importMs = importedMs - startMs;
    const answerMs = performance.now() - startMs;
    process.stderr.write(JSON.stringify({ importMs, answerMs, statusCode: answer?.statusCode }));
    process.exit(0);`;
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env: ENVIRONMENT, timeout: TIMEOUT_MS },
  );
  return ColdStart.parse(JSON.parse(stderr));
}

/** All the code that is deployed of a Lambda, in bytes. */
export function bytesOf(folder: string): number {
  const files = readdirSync(folder).map((name) => statSync(join(folder, name)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

/** What a cold start of a Lambda reads before its first answer, in bytes: the rest is imported when it is wanted. */
export function bytesAtStart(folder: string): number {
  const names = readdirSync(folder);
  const entries = names.filter((name) => /^(handler|open-aws-storage-\w+)\.mjs$/.test(name));
  const loaded = new Set(entries);
  // What is added while it is walked is walked too.
  for (const name of loaded) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, chunk = ''] of text.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) loaded.add(chunk);
  }
  return [...loaded].reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function callOf(routeKey: string): unknown {
  const [method, path = '/'] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {},
    requestContext: { requestId: 'cold', http: { method, path, sourceIp: '192.0.2.1' }, routeKey },
    isBase64Encoded: false,
  };
}
