import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../../infra/local/api-client.ts';
import { childEnv } from '../../infra/local/env.ts';

const START = fileURLToPath(new URL('../../infra/local/start.ts', import.meta.url));
const HOST = '127.0.0.1';

/** `npm start` as a process tree of its own, on a data folder of its own, to be killed and started again. */
export class ProcessTree {
  readonly #dataDir: string;
  readonly #port: number;
  readonly #simulatorPort: number;
  #process: ChildProcess | undefined;

  private constructor(dataDir: string, [port, simulatorPort]: [number, number]) {
    this.#dataDir = dataDir;
    this.#port = port;
    this.#simulatorPort = simulatorPort;
  }

  static async make(): Promise<ProcessTree> {
    const dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-e2e-'));
    return new ProcessTree(dataDir, [await freePorts(1), await freePorts(3)]);
  }

  /** Resolves when it has said that it is up. `env` is what it is told besides. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const child = spawn(process.execPath, [START], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: childEnv({
        PORT: String(this.#port),
        SIMULATOR_PORT: String(this.#simulatorPort),
        DATA_DIR: this.#dataDir,
        LOG_LEVEL: 'silent',
        ...env,
      }),
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        if (said.includes('Demo account')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${said}`)));
    });
  }

  /** `kill -9` for every process of the tree at once. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  /** The ids of its processes, by what they run: `runner/main.ts`, `simulator/main.ts`, `infra/local/start.ts`. */
  processes(): Readonly<Record<string, number>> {
    const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
    const lines = [
      ...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s.*?(\w+\/(?:local\/)?(?:main|start)\.ts)\s*$/gm),
    ];
    const own = lines.filter((line) => line.slice(1, 3).includes(String(this.#process?.pid)));
    return Object.fromEntries(own.map(([, pid, , script = '']) => [script, Number(pid)]));
  }

  /** The processes of its runners. */
  runnerPids(): number[] {
    const parent = String(this.#process?.pid);
    const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' });
    return stdout.split('\n').flatMap((line) => {
      const [pid, ppid, ...command] = line.trim().split(/ +/);
      const isRunner = ppid === parent && command.join(' ').endsWith('runner/main.ts');
      return isRunner ? Number(pid) : [];
    });
  }

  /** As Ctrl-C does; answers the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child?.pid === undefined) return null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    return await ended;
  }

  async remove(): Promise<void> {
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  /** Calls as the demo account. */
  async api(): Promise<ApiClient> {
    return new ApiClient(`http://${HOST}:${this.#port}`, await this.token());
  }

  /** The demo account's. */
  async token(): Promise<string> {
    const account = await readFile(join(this.#dataDir, 'demo-account.json'), 'utf8');
    return JSON.parse(account).apiKey;
  }

  /** Where it keeps everything. */
  get dataDir(): string {
    return this.#dataDir;
  }

  get simulator(): ApiClient {
    return new ApiClient(`http://${HOST}:${this.#simulatorPort}`);
  }
}

/** Below those that systems give to connections: a tree that is started again must find its ports as it left them. */
const PORTS = { from: 10_000, to: 32_000 } as const;

/** The first of so many free ports in a row. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(PORTS.from, PORTS.to);
    const free = await Promise.all(Array.from({ length: count }, (_, n) => isFree(first + n)));
    if (free.every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}
