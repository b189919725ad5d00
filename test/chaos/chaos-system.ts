import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { createLogger } from '#shared/log/create-logger.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import { ApiClient } from '../../infra/local/api-client.ts';
import type { Child } from '../../infra/local/child.ts';
import { type SimulatorReady, simulatorChild } from '../../infra/local/children.ts';
import { findDemoAccount } from '../../infra/local/demo-account.ts';
import { childEnv } from '../../infra/local/env.ts';
import { freePorts } from '../e2e/process-tree.ts';
import type { ChaosOptions } from './chaos-options.ts';
import type { LastExit } from './history.ts';
import { SupervisedProcess } from './supervised-process.ts';
import { TcpProxy } from './tcp-proxy.ts';

const RUNNER = fileURLToPath(new URL('../../runner/main.ts', import.meta.url));
const GATEWAY = fileURLToPath(new URL('./gateway-main.ts', import.meta.url));
const SHARDS_PER_RUNNER = 4;
/** A drain may take 100 s (`runner/runner.ts`). */
const DRAIN_MS_MAX = 110_000;
const GATEWAY_STOP_MS_MAX = 10_000;

const RunnerReady = z.object({ ready: z.literal(true), runnerId: z.string() });
const GatewayReady = z.object({ ready: z.literal(true), url: z.url() });

/** A runner's place: its process, and its line to WhatsApp, which stays when the process is another. */
export type RunnerPlace = {
  readonly process: SupervisedProcess<z.infer<typeof RunnerReady>>;
  readonly line: TcpProxy;
};

type Parts = {
  readonly shardCount: number;
  readonly storage: EmbeddedStorage;
  readonly simulatorChild: Child<SimulatorReady>;
  readonly simulated: SimulatorReady;
  readonly gateway: SupervisedProcess<z.infer<typeof GatewayReady>>;
  readonly places: readonly RunnerPlace[];
  readonly api: ApiClient;
};

/** The whole system as processes on one data folder: simulator, control plane, and several runners behind proxies. */
export class ChaosSystem {
  readonly #parts: Parts;
  readonly #leases: LeaseRepository;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#leases = new LeaseRepository(parts.storage.table);
  }

  /** Its data and its logs are kept in the folder. */
  static async start(
    { runners, scale }: Pick<ChaosOptions, 'runners' | 'scale'>,
    folder: string,
  ): Promise<ChaosSystem> {
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    const shardCount = runners * SHARDS_PER_RUNNER;
    const storage = await openEmbeddedStorage({ dataDir });
    const home = { folder, dataDir, shardCount, scale };
    const child = startSimulator(home);
    const simulated = await child.start();
    const gateway = await startGateway(home);
    const url = gateway.ready?.url ?? '';
    const places = await Promise.all(
      Array.from({ length: runners }, (_, index) =>
        startRunner({ ...home, url, simulated, name: `runner-${index + 1}` }),
      ),
    );
    const { apiKey } = await findDemoAccount(url, dataDir);
    const api = new ApiClient(url, apiKey);
    const started = { shardCount, storage, simulated, gateway, places, api };
    return new ChaosSystem({ ...started, simulatorChild: child });
  }

  /** Calls as the account of every instance. */
  get api(): ApiClient {
    return this.#parts.api;
  }

  get simulator(): ApiClient {
    return new ApiClient(this.#parts.simulated.controlUrl);
  }

  get simulatorPid(): number | undefined {
    return this.#parts.simulatorChild.pid;
  }

  get gateway(): Parts['gateway'] {
    return this.#parts.gateway;
  }

  get places(): readonly RunnerPlace[] {
    return this.#parts.places;
  }

  get storage(): EmbeddedStorage {
    return this.#parts.storage;
  }

  get shardCount(): number {
    return this.#parts.shardCount;
  }

  /** The shards that a run of a runner holds. */
  async shardsOf(runnerId: string | undefined): Promise<number[]> {
    const leases = await this.#leases.list(this.shardCount);
    return leases.flatMap((lease) =>
      lease.state === 'HELD' && lease.owner === runnerId ? lease.shard : [],
    );
  }

  /** Tells everything to end, in the order in which nothing is lost; answers how the runners did. */
  async stop(): Promise<LastExit[]> {
    const { places, gateway, simulatorChild: simulator, storage } = this.#parts;
    const exits = await Promise.all(
      places.map(async ({ process }) => {
        return { name: process.name, code: await process.stop({ withinMs: DRAIN_MS_MAX }) };
      }),
    );
    await gateway.stop({ withinMs: GATEWAY_STOP_MS_MAX });
    await Promise.all(places.map(({ line }) => line.close()));
    await simulator.stop();
    await storage.close();
    return exits;
  }

  /** Ends whatever still runs, at once. */
  async kill(): Promise<void> {
    const { places, gateway, simulatorChild: simulator } = this.#parts;
    const all = [gateway, ...places.map(({ process }) => process)];
    await Promise.all(all.map((process) => process.stop({ withinMs: 0 })));
    await simulator.stop();
  }

  /** Every process that there ever was, but the simulator's. */
  get processes(): readonly { readonly name: string; readonly pids: readonly number[] }[] {
    return [this.#parts.gateway, ...this.#parts.places.map(({ process }) => process)];
  }
}

type Home = {
  readonly folder: string;
  readonly dataDir: string;
  readonly shardCount: number;
  /** Every process must be told the same. */
  readonly scale: number;
};

function startSimulator({ dataDir, shardCount, scale }: Home): Child<SimulatorReady> {
  const options = {
    PORT: 0,
    SIMULATOR_PORT: 0,
    DATA_DIR: dataDir,
    OPEN_REGISTRATION: true,
    SHARD_COUNT: shardCount,
    MEDIA_DAYS: 30,
    RUNNERS: 1,
    TIMINGS_SCALE: scale,
    LOG_LEVEL: 'silent',
    METRICS: 'none',
    isLive: false,
  } as const;
  return simulatorChild(options, createLogger({ name: 'chaos', level: 'silent' }));
}

async function startGateway({
  folder,
  dataDir,
  shardCount,
  scale,
}: Home): Promise<Parts['gateway']> {
  return await SupervisedProcess.start({
    name: 'gateway',
    modulePath: GATEWAY,
    logPath: join(folder, 'gateway.log'),
    // The same after each kill: its callers know no other.
    env: childEnv({
      PORT: String(await freePorts(1)),
      DATA_DIR: dataDir,
      SHARD_COUNT: String(shardCount),
      TIMINGS_SCALE: String(scale),
      LOG_LEVEL: 'warn',
    }),
    parseReady: (message) => GatewayReady.safeParse(message).data,
  });
}

type RunnerHome = Home & {
  readonly name: string;
  readonly url: string;
  readonly simulated: SimulatorReady;
};

async function startRunner(home: RunnerHome): Promise<RunnerPlace> {
  const { folder, dataDir, shardCount, scale, name, url, simulated } = home;
  const whatsapp = new URL(simulated.url);
  const line = await TcpProxy.open({ targetPort: Number(whatsapp.port) });
  whatsapp.port = String(line.port);
  const process = await SupervisedProcess.start({
    name,
    modulePath: RUNNER,
    logPath: join(folder, `${name}.log`),
    env: childEnv({
      STORAGE: 'embedded',
      DATA_DIR: dataDir,
      PUBLIC_URL: url,
      SHARD_COUNT: String(shardCount),
      TIMINGS_SCALE: String(scale),
      ALLOW_PRIVATE_URLS: '1',
      PACE: 'off',
      LOG_LEVEL: 'warn',
      WHATSAPP_URL: whatsapp.href,
      WHATSAPP_NOISE_ROOT: simulated.noiseRoot,
      NODE_EXTRA_CA_CERTS: simulated.caCertificatePath,
    }),
    parseReady: (message) => RunnerReady.safeParse(message).data,
  });
  return { process, line };
}
