import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { onTestFinished } from 'vitest';
import { MediaFaults } from '#simulator/faults/media-faults.ts';
import { issueTlsIdentity } from '#simulator/media/certificate.ts';
import { MediaFiles } from '#simulator/media/media-files.ts';
import { MediaServer } from '#simulator/media/media-server.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { silentLog } from '../silent-log.ts';

export const TOKEN = 'a-token';

/** The simulator's media host, a dispatcher that trusts it, and a store of blobs. */
export async function aMediaNetwork() {
  const folder = await mkdtemp(join(tmpdir(), 'media-'));
  const tls = await issueTlsIdentity(['localhost', '127.0.0.1'], new Date());
  const files = await MediaFiles.open(folder);
  const server = await MediaServer.start({
    host: '127.0.0.1',
    port: 0,
    tls,
    files,
    auth: TOKEN,
    faults: new MediaFaults(),
    logger: silentLog,
  });
  const dispatcher = new Agent({ connect: { ca: tls.certificate } });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { storage } = await openForTest();
  return { host: server.hostName, tls, files, dispatcher, blobs: storage.mediaBlobs };
}

/** A host on the same network that answers as the test says; its name, with its port. */
export async function aScriptedHost(
  { tls }: Pick<Awaited<ReturnType<typeof aMediaNetwork>>, 'tls'>,
  answer: RequestListener,
): Promise<string> {
  const server = createServer({ key: tls.key, cert: tls.certificate }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `localhost:${address.port}`;
}
