import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { temporaryFolder } from '../../shared/storage/embedded/temporary-folder.ts';
import { aMediaNetwork, TOKEN } from './media-network.ts';
import { startWebServer } from './web-server.ts';

const MIB = 1_048_576;
const FILE_BYTES = 60 * MIB;
const GROWN_BYTES_MAX = 40 * MIB;

const FIXTURE = fileURLToPath(new URL('./fixtures/move-media.ts', import.meta.url));
const Report = z.object({ grownBytes: z.number() });

it('holds little of files of 60 MB while they are fetched from a URL, looked at, uploaded and fetched back', async () => {
  const { host, tls } = await aMediaNetwork();
  const dataDir = await temporaryFolder();
  const authority = join(await temporaryFolder(), 'ca.pem');
  await writeFile(authority, tls.certificate);
  const web = await startWebServer((request, response) => {
    const bytes = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('bytes'));
    pipeline(Readable.from(zeros(bytes)), response, () => undefined);
  });
  const args = [dataDir, host, TOKEN, web.url, String(FILE_BYTES)];
  const env = { NODE_EXTRA_CA_CERTS: authority };
  const child = fork(FIXTURE, args, { execArgv: [], env });
  const ended = once(child, 'exit');
  const [report] = await Promise.race([once(child, 'message'), ended]);
  expect(Report.parse(report).grownBytes).toBeLessThan(GROWN_BYTES_MAX);
  expect(await ended).toEqual([0, null]);
}, 60_000);

async function* zeros(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= MIB) yield Buffer.alloc(Math.min(left, MIB));
}
