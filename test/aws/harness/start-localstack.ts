import { join } from 'node:path';
import { wholeEnv } from '../env.ts';
import { LOCALSTACK_GAPS } from '../localstack-gaps.ts';
import { clientEnv, type Emulator, REGION, ROOT_CREDENTIALS } from './emulator.ts';
import { freePort } from './free-port.ts';
import { endOfLog, exitCodeOf, runCommand } from './run-command.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const ASK_TIMEOUT_MS = 20_000;
/** The image may have to come first: it has more than a gigabyte. */
const UP_TIMEOUT_MS = 600_000;
const DOWN_TIMEOUT_MS = 60_000;
/** LocalStack says this of a service that its image, or its licence, does not have. */
const NOT_IMPLEMENTED = 501;

type Options = { readonly workDir: string; readonly signal: AbortSignal };

/** LocalStack on a free port of the loopback, by compose.yaml. Throws when there is no Docker that answers. */
export async function startLocalStack({ workDir, signal }: Options): Promise<Emulator> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const logPath = join(workDir, 'compose.log');
  const base = {
    env: wholeEnv({ LOCALSTACK_PORT: String(port) }),
    cwd: ROOT,
    output: { logPath },
    signal,
  };
  await requireDocker({ ...base, timeoutMs: ASK_TIMEOUT_MS });
  const compose = ['docker', 'compose', '--project-name', `whatsapp-bots-${port}`] as const;
  // The signal may have been raised already when the containers must go.
  const unasked = { ...base, signal: new AbortController().signal, timeoutMs: DOWN_TIMEOUT_MS };
  const stop = async () => {
    await runCommand([...compose, 'down', '--volumes'], unasked);
  };
  const readLog = async () => {
    const logs = { ...unasked, output: { logPath: join(workDir, 'localstack.log') } };
    await exitCodeOf([...compose, 'logs', '--no-color', '--tail', '200'], logs);
    return await endOfLog(logs);
  };
  try {
    await runCommand([...compose, 'up', '--detach', '--wait'], {
      ...base,
      timeoutMs: UP_TIMEOUT_MS,
    });
    const hasApi = await hasHttpApis(endpoint);
    const env = clientEnv(endpoint);
    const gaps = LOCALSTACK_GAPS;
    return { name: 'localstack', endpoint, env, hasApi, hasIam: false, gaps, readLog, stop };
  } catch (cause) {
    const log = await readLog();
    await stop();
    throw new Error(`LocalStack did not start.\n${log}`, { cause });
  }
}

async function requireDocker(options: Parameters<typeof exitCodeOf>[1]): Promise<void> {
  const code = await exitCodeOf(['docker', 'info'], options).catch(() => undefined);
  if (code === 0) return;
  options.signal.throwIfAborted();
  throw new Error(
    'LocalStack runs in Docker, and no Docker answers here (docker info). Install and start it, ' +
      'or prove the same on MiniStack, which needs none: npm run test:aws.',
  );
}

/** Asks the service itself: which image has it depends on the version and on the licence. */
async function hasHttpApis(endpoint: string): Promise<boolean> {
  const scope = `${ROOT_CREDENTIALS.AWS_ACCESS_KEY_ID}/20260101/${REGION}/apigateway/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const response = await fetch(`${endpoint}/v2/apis`, {
    headers: { authorization },
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  if (response.ok) return true;
  if (response.status === NOT_IMPLEMENTED) return false;
  throw new Error(
    `LocalStack did not say whether it has HTTP APIs: it answered ${response.status}.`,
  );
}
