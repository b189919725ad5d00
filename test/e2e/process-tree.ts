import { type ChildProcess, spawn } from 'node:child_process';
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

  /** Resolves when it has said that it is up. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [START], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: childEnv({
        PORT: String(this.#port),
        SIMULATOR_PORT: String(this.#simulatorPort),
        DATA_DIR: this.#dataDir,
        LOG_LEVEL: 'silent',
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
    if (child?.pid === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
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
    const account = await readFile(join(this.#dataDir, 'demo-account.json'), 'utf8');
    return new ApiClient(`http://${HOST}:${this.#port}`, JSON.parse(account).apiKey);
  }

  /** Where it keeps everything. */
  get dataDir(): string {
    return this.#dataDir;
  }

  get simulator(): ApiClient {
    return new ApiClient(`http://${HOST}:${this.#simulatorPort}`);
  }
}

/** The first of so many free ports in a row. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = await listenOnce(0);
    if (first === undefined) continue;
    const others = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
    const free = await Promise.all(others.map((port) => listenOnce(port)));
    if (free.every((port) => port !== undefined)) return first;
  }
}

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, HOST, () => {
      const address = server.address();
      const taken = typeof address === 'object' ? address?.port : undefined;
      server.close(() => resolve(taken));
    });
  });
}
