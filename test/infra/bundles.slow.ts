import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { routes } from '#functions/routes.ts';
import { DOCS_ASSETS } from '#shared/contracts/docs-assets.ts';
import { GROUP_ACCESS } from '../../infra/api/group-access.ts';
import { bundleFunction, ROOT_FOLDER } from '../../infra/lambda/bundle-function.ts';
import { ASSETS_FOLDER } from '../../infra/lambda/copy-docs-assets.ts';
import { bytesAtStart, bytesOf, coldStart, LAMBDAS } from '../bench/cold-start.ts';

/** Of all that is deployed, and of what a cold start reads of it. */
const BYTES_MAX = 540_000;
const BYTES_WITH_S3_MAX = 700_000;
/** What knows the types of files, which is loaded when a message has one. */
const FILE_TYPES_BYTES_MAX = 110_000;
/** What runs the patterns of customers, with Unicode's tables. */
const PATTERNS_BYTES_MAX = 140_000;

const MEDIA_LAMBDAS: readonly string[] = Object.entries(GROUP_ACCESS)
  .filter(([, { media }]) => media.length > 0)
  .map(([group]) => group);
const ASKS_FOR_MEDIA = /Pick<\s*Deps,[^>]*'media'/;
const ONE_KEY = '<ListBucketResult><Contents><Key>sent/i/1</Key></Contents></ListBucketResult>';
/** What lies beside the code of the docs: the viewer and the document. */
const ASSETS_BYTES_MAX = 3_000_000;

/** Refused for want of credentials or of a body, or no route of the group, or no route at all; the docs are there. */
const STATUS: Readonly<Record<string, number | undefined>> = {
  auth: 400,
  bot: 401,
  instances: 401,
  messages: 401,
  webhooks: 401,
  settings: 401,
  contacts: 401,
  people: 401,
  attachments: 401,
  runners: 401,
  health: 500,
  docs: 200,
  fallback: 404,
};

describe('the bundles of the Lambdas', () => {
  let folder: string;
  beforeAll(() => {
    // Far from any node_modules: what a bundle leaves out is not there.
    folder = mkdtempSync(join(tmpdir(), 'bundles-'));
    for (const lambda of LAMBDAS) bundleFunction(lambda, join(folder, lambda));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are of every folder that has a handler', () => {
    const functions = join(ROOT_FOLDER, 'functions');
    const withHandler = readdirSync(functions, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('/handler.ts'))
      .map((file) => file.replace('/handler.ts', ''));
    expect(withHandler.sort()).toEqual([...LAMBDAS].sort());
    expect([...new Set(routes.map(({ group }) => group))].sort()).toEqual(
      Object.keys(STATUS).sort(),
    );
  });

  it.each(LAMBDAS)('are small: %s', (lambda) => {
    const patterns = lambda === 'bot' ? PATTERNS_BYTES_MAX : 0;
    expect(bytesAtStart(join(folder, lambda))).toBeLessThanOrEqual(BYTES_MAX + patterns);
    const max = MEDIA_LAMBDAS.includes(lambda) ? BYTES_WITH_S3_MAX : BYTES_MAX;
    const more = ['messages', 'bot'].includes(lambda) ? FILE_TYPES_BYTES_MAX : 0;
    expect(bytesOf(join(folder, lambda))).toBeLessThanOrEqual(max + more + patterns);
  });

  it('have the files that the docs show, and no more', () => {
    const assets = join(folder, 'docs', ASSETS_FOLDER);
    expect(readdirSync(assets).sort()).toEqual([...DOCS_ASSETS.keys()].sort());
    expect(bytesOf(assets)).toBeLessThanOrEqual(ASSETS_BYTES_MAX);
    for (const lambda of LAMBDAS.filter((each) => each !== 'docs')) {
      expect(readdirSync(join(folder, lambda)), lambda).not.toContain(ASSETS_FOLDER);
    }
  });

  it.each(LAMBDAS)(
    'hold S3 where there is a right to media, apart, and nowhere else: %s',
    (lambda) => {
      const isThere = s3Chunks(lambda).length > 0;
      expect(isThere).toBe(MEDIA_LAMBDAS.includes(lambda));
    },
  );

  it('are given the media only where there is a right to it', () => {
    const functions = join(ROOT_FOLDER, 'functions');
    const asking = readdirSync(functions, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file.includes('/'))
      .filter((file) => ASKS_FOR_MEDIA.test(readFileSync(join(functions, file), 'utf8')))
      .filter((file) => !MEDIA_LAMBDAS.includes(file.split('/')[0] ?? ''));
    expect(asking).toEqual([]);
  });

  it.each(MEDIA_LAMBDAS)('can use S3 with what is in them: %s', async (lambda) => {
    const [chunk = ''] = s3Chunks(lambda);
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.end(ONE_KEY));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const script = `
      const { makeS3Client } = await import(${JSON.stringify(join(folder, lambda, chunk))});
      const at = { Bucket: 'media', Key: 'sent/i/1' };
      const client = makeS3Client({
        endpoint: ${JSON.stringify(`http://127.0.0.1:${portOf(server)}`)},
        region: 'eu-west-1',
        credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      });
      await client.put({ ...at, Body: new Uint8Array(1) });
      await client.head(at);
      const { Contents } = await client.list({ Bucket: 'media' });
      const url = await client.presignPut(at, { expiresIn: 1, signingDate: new Date() });
      process.stdout.write(JSON.stringify({ keys: Contents.map(({ Key }) => Key), url }));
      client.close();`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { env: {} },
    );
    expect(JSON.parse(stdout)).toEqual({
      keys: ['sent/i/1'],
      url: expect.stringContaining('/media/sent/i/1?'),
    });
  });

  it.each(LAMBDAS)('answer by themselves: %s', async (lambda) => {
    const { statusCode } = await coldStart(join(folder, lambda, 'handler.mjs'), lambda);
    expect(statusCode).toBe(STATUS[lambda]);
  });

  /** The files of a Lambda that load S3. */
  function s3Chunks(lambda: string): readonly string[] {
    return readdirSync(join(folder, lambda)).filter((name) => name.startsWith('s3-client-'));
  }
});

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
