import { type RunnerEnd, type RunnerOptions, run } from '#runner/runner.ts';
import type { OpenSocketOptions } from '#runner/session/whatsapp.ts';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { createLogger } from '#shared/log/create-logger.ts';
import { silentMetrics } from '#shared/metrics/metrics.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import { FAIR, Link, type Weather } from '../faults/link.ts';
import { remoteStorage } from '../faults/remote-storage.ts';
import { overwriting, withoutDead, withoutNotes } from '../faults/unsafe-storage.ts';
import { Host } from '../time/host.ts';
import { SimSocket, type SimSocketDeps } from '../whatsapp/sim-socket.ts';
import { toOwnMessage } from '../whatsapp/to-inbound.ts';
import type { PostOffice } from './post-office.ts';
import type { World } from './world.ts';

/** The services that a machine reaches, each by a way of its own. */
export const SERVICES = ['table', 'blobs', 'queue', 'keys', 'whatsapp', 'webhooks'] as const;
export type Service = (typeof SERVICES)[number];

/** What the ways are like while there is a storm: a little of everything. */
const ROUGH: Readonly<Weather> = {
  cut: undefined,
  throttled: 0.002,
  answerLost: 0.001,
  requestLost: 0.001,
  repeated: 0.002,
};

/** One run of a runner on a machine of its own. */
export class Machine {
  readonly host: Host;
  readonly weather: Record<Service, Weather>;
  readonly sockets = new Set<SimSocket>();
  /** Why the process has ended; never resolves for one that was killed. */
  readonly ended: Promise<RunnerEnd | 'broken'>;
  readonly #world: World;
  readonly #stop = new AbortController();

  constructor(name: string, world: World, post: PostOffice) {
    this.#world = world;
    this.host = new Host(name, world.time, world.chance.fork(), world.points);
    const weather = () => ({ ...(world.isStormy ? ROUGH : FAIR) });
    this.weather = {
      table: weather(),
      blobs: weather(),
      queue: weather(),
      keys: weather(),
      whatsapp: { ...FAIR },
      webhooks: weather(),
    };
    this.host.onDown(() => {
      for (const socket of this.sockets) socket.cutOff();
    });
    this.ended = run(this.#options(post), this.#stop.signal).catch((cause: unknown) => {
      world.story.tell(() => `${name} breaks: ${String(cause)}`);
      return 'broken' as const;
    });
  }

  /** SIGTERM. */
  drain(): void {
    this.host.deliver(() => this.#stop.abort());
  }

  #options(post: PostOffice): RunnerOptions {
    const { time, chance, sizes, newId } = this.#world;
    const { host, weather } = this;
    const link = (service: Service) =>
      new Link({ name: service, host, time, chance: chance.fork(), weather: weather[service] });
    const links = {
      table: link('table'),
      blobs: link('blobs'),
      queue: link('queue'),
      keys: link('keys'),
    };
    const storage = remoteStorage(this.#storage(), links);
    const ambient = host.ambient(chance.fork(), () => newId(host.now));
    return {
      ...ambient,
      ...(this.#world.without === 'deadline' && { monotonicMs: () => host.awakeMs }),
      runnerId: host.name,
      storage,
      shardCount: sizes.shards,
      timings: PLACEMENT_TIMINGS,
      whatsapp: {
        network: 'simulated',
        openSocket: (options) => this.#openSocket(options),
        toOwnMessage,
        readReceived: () => undefined,
        openVote: () => undefined,
      },
      guard: { allowPrivate: true },
      post: post.from(host, link('webhooks')),
      paceByDefault: false,
      metrics: silentMetrics,
      log: this.#log(),
    };
  }

  #openSocket(options: OpenSocketOptions): SimSocket {
    const { whatsapp, ledger, chance, without } = this.#world;
    const leavesOut: SimSocketDeps['leavesOut'] = new Set(
      without === 'deadline'
        ? ['gate']
        : without === 'write_before_wire' || without === 'inbox' || without === 'stable_wa_id'
          ? [without]
          : [],
    );
    const socket = new SimSocket(options, {
      host: this.host,
      weather: this.weather.whatsapp,
      whatsapp,
      chance: chance.fork(),
      ledger,
      leavesOut,
    });
    this.sockets.add(socket);
    this.#note(socket, options);
    void socket.closed.then(() => this.sockets.delete(socket));
    return socket;
  }

  #note(socket: SimSocket, { auth, instanceId, mayAct }: OpenSocketOptions): void {
    const { host } = this;
    let isStopped = false;
    let hasFailed = false;
    auth.onFailure(() => {
      hasFailed = true;
    });
    void socket.closed.then((reason) => {
      isStopped = reason === 'stopped';
    });
    // A state that is closed takes no more. Only a process that runs can be asked for its fence.
    const hasLetGo = () => isStopped && auth.isDead && !hasFailed && host.isUp && mayAct();
    this.#world.holders.note(instanceId, { hostName: host.name, auth, hasLetGo });
  }

  #storage(): RunnerStorage {
    const { storage, without } = this.#world;
    switch (without) {
      case 'put_if_absent':
        return { ...storage, authBlobs: overwriting(storage.authBlobs) };
      case 'dead_before_claim':
        return { ...storage, table: withoutDead(storage.table, this.#world.presumedDead) };
      case 'untold':
        return { ...storage, table: withoutNotes(storage.table) };
      default:
        return storage;
    }
  }

  #log(): RunnerOptions['log'] {
    const { story } = this.#world;
    const { name } = this.host;
    if (!story.isHeard) return createLogger({ name, level: 'silent' });
    const write = (line: string) => story.tell(() => `${name}: ${toWords(line)}`);
    return createLogger({ name, level: 'info' }, { write });
  }
}

function toWords(line: string): string {
  const { message, level, timestamp: _at, service: _name, time: _time, ...rest } = JSON.parse(line);
  return `${level} ${message} ${JSON.stringify(rest, (name, value) => (name === 'stack' ? undefined : value))}`;
}
