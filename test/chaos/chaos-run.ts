import * as z from 'zod';
import { scaledTimings } from '#shared/contracts/placement-timings.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { ChaosOptions } from './chaos-options.ts';
import type { ChaosSystem } from './chaos-system.ts';
import { ChaosTraffic } from './chaos-traffic.ts';
import { checkHistory, type Verdict } from './check-history.ts';
import { FailoverWatch } from './failover-watch.ts';
import { FaultInjector } from './fault-injector.ts';
import type { History, LeftProcess } from './history.ts';
import { type Linked, linkInstances, numbersByShard } from './link-instances.ts';
import { processState, watchMemory } from './memory-watch.ts';
import { planFaults } from './plan-faults.ts';
import { writeReport } from './report.ts';
import { readShown, settleSends, settleUntil } from './settle.ts';
import type { WebhookBook } from './webhook-book.ts';

const MINUTE_MS = 60_000;
/** The last faults are to find traffic, too. */
const FAULTS_SHARE = 0.9;
/** A machine that cannot keep up gets so much more time, and is told of then. */
const TRAFFIC_TIME_FACTOR = 1.5;
/** What waits when the traffic is over is waited for so long, and longer after more of it. */
const SETTLE_MS = 60_000;
const SETTLE_SHARE = 0.2;
/** Beyond the silence after which a runner is taken for dead: what is left is claimed and logged in. */
const FAILOVER_MARGIN_MS = 6_000;
const KILL_GRACE_MS = 2_000;

const Stats = z.object({ violations: z.record(z.string(), z.number()) });

export type ChaosRun = {
  readonly options: ChaosOptions;
  readonly system: ChaosSystem;
  readonly book: WebhookBook;
  readonly tell: (line: string) => void;
};

/** Everything from the first link to the verdict; the processes are told to end before it. */
export async function runChaos({
  options,
  system,
  book,
  tell,
}: ChaosRun): Promise<{ verdicts: Verdict[]; report: string }> {
  const { api, simulator } = system;
  const took = stopwatch();
  const linked = await linkInstances(options.instances, { api, simulator, webhookUrl: book.url });
  for (const instance of linked) book.add(instance);
  const linking = took();
  tell(`${linked.length} instances are linked (${linking} s).`);

  const overMs = options.minutes * MINUTE_MS;
  const { seed } = options;
  const traffic = new ChaosTraffic({ linked, api, simulator, seed, overMs });
  const watch = new FailoverWatch(simulator);
  const injector = new FaultInjector({
    system,
    numbers: linked.map(({ number }) => number),
    onKill: await prepareWatch(linked, { system, watch }),
    tell,
  });
  const plan = planFaults({ seed, count: options.faults, overMs: overMs * FAULTS_SHARE });
  const isOver = new AbortController();
  const memory = watchMemory(system, isOver.signal);
  const cut = AbortSignal.timeout(overMs * TRAFFIC_TIME_FACTOR);
  await Promise.all([traffic.run(options, cut), injector.run(plan, cut)]);
  await watch.finish();
  const trafficS = took();
  tell(`The traffic is over (${trafficS} s). Waiting until everything is settled.`);

  const deadlineMs = performance.now() + SETTLE_MS + SETTLE_SHARE * overMs;
  const { sends, written, refusals } = traffic;
  const states = await settleSends(sends, linked, { api, deadlineMs });
  await settleUntil(() => book.eventCount >= written.length, deadlineMs);
  const shown = await readShown(linked, { simulator });
  const stats = Stats.parse((await simulator.call('GET', '/stats')).body);
  const settling = took();
  isOver.abort();
  const memoryMib = await memory;
  const fencedRuns = system.places.flatMap(({ process }) =>
    process.ends.filter(({ code }) => code === 1),
  ).length;
  const exits = await system.stop();

  const history: History = {
    sends,
    refusals,
    written,
    shown,
    deliveries: book.deliveries,
    states,
    violations: stats.violations,
    failovers: watch.failovers,
    exits,
    left: await lookForProcesses(system),
  };
  const verdicts = checkHistory(history, {
    failoverMsMax: scaledTimings(options.scale).deadAfterMs + FAILOVER_MARGIN_MS,
    isFailoverMeasured: plan.some(({ kind }) => kind === 'kill_runner'),
  });
  const report = writeReport(history, verdicts, {
    options,
    tookS: { linking, traffic: trafficS, settling },
    faults: injector.counts,
    callsRepeated: traffic.callsRepeated,
    callsGivenUp: traffic.callsGivenUp,
    fencedRuns,
    memoryMib,
  });
  return { verdicts, report };
}

/** What is done when a runner is killed: its sessions are noted, and watched until they are back. */
async function prepareWatch(
  linked: readonly Linked[],
  { system, watch }: { system: ChaosSystem; watch: FailoverWatch },
) {
  const { storage, shardCount } = system;
  const instances = new InstanceRepository(storage.table);
  const numbers = await numbersByShard(linked, { instances, shardCount });
  return async ({ process }: ChaosSystem['places'][number]) => {
    const runnerId = process.ready?.runnerId;
    // Nobody may take a lease from a dead runner before it must have noticed itself: what is read is what it held.
    return await watch.prepare(process.name, async () =>
      (await system.shardsOf(runnerId)).flatMap((shard) => numbers.get(shard) ?? []),
    );
  };
}

/** One that was just killed may not be reaped yet. */
async function lookForProcesses({ processes }: ChaosSystem): Promise<LeftProcess[]> {
  const look = async () => {
    const all = processes.flatMap(({ name, pids }) => pids.map((pid) => ({ name, pid })));
    return await Promise.all(
      all.map(async ({ name, pid }) => ({ name, pid, state: await processState(pid) })),
    );
  };
  await settleUntil(
    async () => (await look()).every(({ state }) => state === 'gone'),
    performance.now() + KILL_GRACE_MS,
  );
  return await look();
}

/** Answers the seconds since it was asked last. */
function stopwatch(): () => number {
  let lastMs = performance.now();
  return () => {
    const tookMs = performance.now() - lastMs;
    lastMs = performance.now();
    return Math.round(tookMs / 1_000);
  };
}
