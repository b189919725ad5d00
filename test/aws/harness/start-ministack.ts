import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { issueTlsIdentity } from '#simulator/media/certificate.ts';
import { cleanEnv, ownAuthoritiesFile } from '../env.ts';
import { GAPS_FOLDER, MINISTACK_SETTINGS } from '../ministack-gaps.ts';
import { clientEnv, type Emulator, ROOT_CREDENTIALS } from './emulator.ts';
import { freePort } from './free-port.ts';
import { ProcessGroup } from './process-group.ts';
import { endOfLog } from './run-command.ts';

const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 100;
const LOOK_TIMEOUT_MS = 5_000;

type Options = {
  readonly python: string;
  readonly workDir: string;
  readonly signal: AbortSignal;
};

/** MiniStack on a free port of the loopback, with everything it keeps in `workDir`. Resolves when it answers. */
export async function startMiniStack({ python, workDir, signal }: Options): Promise<Emulator> {
  const port = await freePort();
  const endpoint = `https://${HOST}:${port}`;
  const tls = await writeTlsIdentity(workDir);
  const logPath = join(workDir, 'ministack.log');
  const dataDir = join(workDir, 'ministack');
  await mkdir(dataDir);
  // Not `-m ministack`, which under TLS would take port 443 besides.
  const serve = ['hypercorn', 'ministack.app:app', '--bind', `${HOST}:${port}`];
  const secured = ['--certfile', tls.certificatePath, '--keyfile', tls.keyPath];
  const group = ProcessGroup.start([python, '-m', ...serve, ...secured], {
    cwd: dataDir,
    output: { logPath },
    env: cleanEnv({
      ...MINISTACK_SETTINGS,
      ...ROOT_CREDENTIALS,
      BIND_HOST: HOST,
      GATEWAY_PORT: String(port),
      MINISTACK_SSL_CERT: tls.certificatePath,
      MINISTACK_SSL_KEY: tls.keyPath,
      HOME: dataDir,
      TMPDIR: dataDir,
      S3_DATA_DIR: join(dataDir, 's3'),
      STATE_DIR: join(dataDir, 'state'),
      PYTHONPATH: GAPS_FOLDER,
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    }),
  });
  const readLog = () => endOfLog({ output: { logPath } });
  try {
    await untilReady({ endpoint, group, signal });
  } catch (cause) {
    await group.stop();
    throw new Error(`MiniStack did not start.\n${await readLog()}`, { cause });
  }
  return {
    name: 'ministack',
    endpoint,
    env: {
      ...clientEnv(endpoint),
      NODE_EXTRA_CA_CERTS: tls.trustedPath,
      // The CDK's CLI brings its own trust, and reads this.
      AWS_CA_BUNDLE: tls.certificatePath,
    },
    hasApi: true,
    hasIam: true,
    gaps: [],
    readLog,
    stop: () => group.stop(),
  };
}

/** A certificate of its own for each run, which this process trusts from now on. */
async function writeTlsIdentity(
  workDir: string,
): Promise<{ certificatePath: string; keyPath: string; trustedPath: string }> {
  const { certificate, key } = await issueTlsIdentity([HOST, 'localhost'], new Date());
  const certificatePath = join(workDir, 'ministack.crt');
  const keyPath = join(workDir, 'ministack.key');
  await writeFile(certificatePath, certificate);
  await writeFile(keyPath, key, { mode: 0o600 });
  // The variable has room for one file, and npm may need what a person has put there.
  const trustedPath = join(workDir, 'trusted.pem');
  const own = ownAuthoritiesFile();
  const others = own === undefined ? '' : await readFile(own, 'utf8').catch(() => '');
  await writeFile(trustedPath, `${certificate}\n${others}`);
  setDefaultCACertificates([...getCACertificates('default'), certificate]);
  return { certificatePath, keyPath, trustedPath };
}

async function untilReady(options: {
  endpoint: string;
  group: ProcessGroup;
  signal: AbortSignal;
}): Promise<void> {
  const { endpoint, group, signal } = options;
  const deadlineMs = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    signal.throwIfAborted();
    if (!group.isRunning) throw new Error('It has ended.');
    if (await isReady(endpoint)) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`It was not ready after ${READY_TIMEOUT_MS / 1000} s.`);
}

async function isReady(endpoint: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
    return (await fetch(`${endpoint}/_ministack/ready`, { signal })).ok;
  } catch {
    return false;
  }
}
