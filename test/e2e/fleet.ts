import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLogger } from '#shared/log/create-logger.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import { ApiClient } from '../../infra/local/api-client.ts';
import type { Child } from '../../infra/local/child.ts';
import { type SimulatorReady, simulatorChild } from '../../infra/local/children.ts';
import { type DemoAccount, findDemoAccount } from '../../infra/local/demo-account.ts';
import { childEnv } from '../../infra/local/env.ts';
import type { Gateway } from '../../infra/local/gateway.ts';
import { openGateway } from '../../infra/local/open-gateway.ts';
import { until } from '../../infra/local/until.ts';
import type { RunningSystem } from './linked-instance.ts';
import { freePorts } from './process-tree.ts';

const RUNNER = fileURLToPath(new URL('../../runner/main.ts', import.meta.url));
const FREEZES_MAX = 10;
/** A write that takes longer waits for a lock. */
const WRITE_MS_MAX = 1_000;

export type FleetOptions = {
  readonly shardCount: number;
  /** Below 1, runners notice each other sooner. */
  readonly timingsScale: number;
};

const USUAL: FleetOptions = { shardCount: 4, timingsScale: 1 };

type Parts = FleetOptions & {
  readonly dataDir: string;
  readonly storage: EmbeddedStorage;
  readonly gateway: Gateway;
  readonly url: string;
  readonly account: DemoAccount;
  readonly simulatorChild: Child<SimulatorReady>;
  readonly simulated: SimulatorReady;
};

/** A system in which several runners, each a process of its own, share one data folder, and nobody restarts them. */
export class Fleet implements RunningSystem {
  readonly runners: RunnerRepository;
  readonly #leases: LeaseRepository;
  readonly #parts: Parts;
  readonly #started: RunnerProcess[] = [];

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.runners = new RunnerRepository(parts.storage.table);
    this.#leases = new LeaseRepository(parts.storage.table);
  }

  static async make(change: Partial<FleetOptions> = {}): Promise<Fleet> {
    const settings = { ...USUAL, ...change };
    const dataDir = await mkdtemp(join(tmpdir(), 'whatsapp-bots-fleet-'));
    const options = {
      PORT: 0,
      SIMULATOR_PORT: 0,
      DATA_DIR: dataDir,
      OPEN_REGISTRATION: true,
      SHARD_COUNT: settings.shardCount,
      MEDIA_DAYS: 30,
      RUNNERS: 1,
      TIMINGS_SCALE: 1,
      LOG_LEVEL: 'silent',
      METRICS: 'none',
      isLive: false,
    } as const;
    const log = createLogger({ name: 'fleet', level: 'silent' });
    const storage = await openEmbeddedStorage({ dataDir });
    const child = simulatorChild(options, log);
    const [simulated, { gateway, url }] = await Promise.all([
      child.start(),
      openGateway({ ...options, TIMINGS_SCALE: settings.timingsScale }, { storage, log }),
    ]);
    const account = await findDemoAccount(url, dataDir);
    const parts = { dataDir, storage, gateway, url, account, simulatorChild: child, simulated };
    return new Fleet({ ...settings, ...parts });
  }

  /** Resolves when the runner is known to the others. `env` is what its home tells it besides. */
  async startRunner(env: Record<string, string> = {}): Promise<RunnerProcess> {
    const { dataDir, url, simulated, shardCount, timingsScale } = this.#parts;
    const healthPort = await freePorts(1);
    const child = fork(RUNNER, {
      env: childEnv({
        STORAGE: 'embedded',
        DATA_DIR: dataDir,
        PUBLIC_URL: url,
        SHARD_COUNT: String(shardCount),
        TIMINGS_SCALE: String(timingsScale),
        ALLOW_PRIVATE_URLS: '1',
        PACE: 'off',
        LOG_LEVEL: 'silent',
        HEALTH_PORT: String(healthPort),
        WHATSAPP_URL: simulated.url,
        WHATSAPP_NOISE_ROOT: simulated.noiseRoot,
        NODE_EXTRA_CA_CERTS: simulated.caCertificatePath,
        ...env,
      }),
    });
    const runnerId = await new Promise<string>((resolve, reject) => {
      child.once('message', (message) => resolve((message as { runnerId: string }).runnerId));
      child.once('exit', (code) => reject(new Error(`The runner ended with ${code}.`)));
    });
    const runner = new RunnerProcess(child, { runnerId, healthPort });
    this.#started.push(runner);
    return runner;
  }

  /** Who holds each shard; `undefined` for one that is free. */
  async owners(): Promise<(string | undefined)[]> {
    const leases = await this.#leases.list(this.#parts.shardCount);
    return leases.map((lease) => (lease.state === 'HELD' ? lease.owner : undefined));
  }

  async untilHeldBy({ runnerId }: RunnerProcess): Promise<void> {
    await until(`${runnerId} to hold all shards`, async () => {
      const owners = await this.owners();
      return owners.every((owner) => owner === runnerId) || undefined;
    });
  }

  /** Waits until the shards are spread evenly over these runners, and nothing is on its way. */
  async untilShared(...runners: readonly RunnerProcess[]): Promise<void> {
    const most = Math.ceil(this.#parts.shardCount / runners.length);
    await until('the shards to be shared', async () => {
      const owners = await this.owners();
      const counts = runners.map(({ runnerId }) => owners.filter((id) => id === runnerId).length);
      const sum = counts.reduce((total, count) => total + count, 0);
      return (sum === owners.length && Math.max(...counts) <= most) || undefined;
    });
  }

  /**
   * Stops a runner's process, at a moment at which it holds no lock of SQLite's: those are the embedded home's, and
   * everybody would wait for them.
   */
  async freeze(runner: RunnerProcess): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      runner.signal('SIGSTOP');
      const written = this.#write();
      const isFree = await Promise.race([written.then(() => true), sleep(WRITE_MS_MAX, false)]);
      if (isFree) return;
      runner.signal('SIGCONT');
      await written;
      if (tries === FREEZES_MAX) throw new Error('It holds a lock whenever it is stopped.');
    }
  }

  /** Writes to each database. */
  async #write(): Promise<void> {
    const { storage } = this.#parts;
    const settings = {
      name: 'probe',
      kind: 'standard',
      visibilityMs: 1_000,
      receivesMax: 1,
    } as const;
    await storage.table.write({ kind: 'put', item: { pk: 'PROBE', sk: 'META' } });
    const bell = { group: 'probe', dedupId: String(performance.now()), body: 'probe' };
    await storage.openQueue(settings).send(bell);
  }

  async api(): Promise<ApiClient> {
    return new ApiClient(this.#parts.url, this.#parts.account.apiKey);
  }

  get simulator(): ApiClient {
    return new ApiClient(this.#parts.simulated.controlUrl);
  }

  async remove(): Promise<void> {
    for (const runner of this.#started) runner.signal('SIGKILL');
    await Promise.all(this.#started.map(({ ended }) => ended));
    await this.#parts.gateway.close();
    await this.#parts.simulatorChild.stop();
    await this.#parts.storage.close();
    await rm(this.#parts.dataDir, { recursive: true, force: true });
  }
}

/** How a process ended: by itself, with a code, or by a signal. */
export type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export class RunnerProcess {
  readonly runnerId: string;
  readonly ended: Promise<End>;
  readonly #process: ChildProcess;
  readonly #healthPort: number;

  constructor(child: ChildProcess, options: { runnerId: string; healthPort: number }) {
    this.#process = child;
    this.runnerId = options.runnerId;
    this.#healthPort = options.healthPort;
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async health(): Promise<unknown> {
    return await (await fetch(`http://127.0.0.1:${this.#healthPort}/`)).json();
  }
}
