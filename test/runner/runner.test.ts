import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunnerEnd, type RunnerOptions, run } from '#runner/runner.ts';
import { PLACEMENT_TIMINGS } from '#shared/contracts/placement-timings.ts';
import { LeaseRepository } from '#shared/repositories/lease-repository.ts';
import { RunnerRepository } from '#shared/repositories/runner-repository.ts';
import type { RunnerStorage } from '#shared/storage/storage.ts';
import { recordedMetrics } from '../recorded-metrics.ts';
import { openForTest } from '../shared/storage/embedded/open-for-test.ts';
import { until } from '../until.ts';
import { ScriptedTime } from './placement/scripted-time.ts';
import { listeningLog } from './silent-log.ts';

/** There are no instances, so nobody connects. */
const NO_WHATSAPP: RunnerOptions['whatsapp'] = {
  network: 'simulated',
  openSocket: () => {
    throw new Error('Nobody is to connect.');
  },
  toOwnMessage: () => undefined,
  readReceived: () => undefined,
  openVote: () => undefined,
};
const { beatEveryMs: BEAT_EVERY_MS } = PLACEMENT_TIMINGS;

const SHARD_COUNT = 2;
const DRAIN_MS_MAX = 100_000;

/** A runner in this process, without instances; its time is the test's. */
async function runnerAtWork(
  change: (storage: RunnerStorage) => Partial<RunnerOptions> = () => ({}),
) {
  const { storage } = await openForTest();
  const time = new ScriptedTime();
  const metrics = recordedMetrics();
  const { log, sentences } = listeningLog();
  const runners = new RunnerRepository(storage.table);
  const leases = new LeaseRepository(storage.table);
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  let end: RunnerEnd | undefined;
  const ended = run(
    {
      ...time,
      jitter: () => 0.5,
      newId: () => 'id',
      runnerId: 'one',
      storage,
      shardCount: SHARD_COUNT,
      whatsapp: NO_WHATSAPP,
      guard: { allowPrivate: true },
      paceByDefault: false,
      metrics,
      log,
      onReady: () => ready.resolve(),
      ...change(storage),
    },
    stop.signal,
  ).then((how) => {
    end = how;
    return how;
  });
  onTestFinished(() => stop.abort());
  await ready.promise;
  const owners = async () =>
    (await leases.list(SHARD_COUNT)).map((lease) =>
      lease.state === 'HELD' ? lease.owner : 'free',
    );
  await until('it holds all shards', async () => !(await owners()).includes('free'));
  return {
    storage,
    time,
    metrics,
    sentences,
    runners,
    stop,
    ended,
    owners,
    /** Lets time pass, with time enough for a heartbeat to be written whenever there is one. */
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms && end === undefined; passed += 1_000) {
        const before = (await runners.list())[0]?.beat;
        await time.pass(1_000);
        if (time.monotonicMs() % BEAT_EVERY_MS !== 0) continue;
        await until('it has beaten, or ended', async () => {
          const now = (await runners.list())[0];
          return end !== undefined || now?.state === 'DEAD' || now?.beat !== before;
        });
        await time.pass(0);
      }
    },
  };
}

describe('run', () => {
  it('hands over everything when it is told to end, and takes its record away', async () => {
    const work = await runnerAtWork();
    expect(await work.owners()).toEqual(['one', 'one']);
    work.stop.abort();
    expect(await work.ended).toBe('drained');
    expect(await work.owners()).toEqual(['free', 'free']);
    expect(await work.runners.list()).toEqual([]);
    expect(work.metrics.valuesOf('LeasesLost')).toEqual([]);
  });

  it('does so, too, when somebody asks for it in the table', async () => {
    const work = await runnerAtWork();
    await work.runners.requestDrain('one');
    await work.pass(BEAT_EVERY_MS);
    expect(await work.ended).toBe('drained');
    expect(await work.owners()).toEqual(['free', 'free']);
  });

  it('hands over at once when it was told to end before it began', async () => {
    const work = await runnerAtWork();
    work.stop.abort();
    await work.ended;
    const stopped = AbortSignal.abort();
    const { log } = listeningLog();
    const end = await run(
      {
        ...work.time,
        jitter: () => 0.5,
        newId: () => 'id',
        runnerId: 'two',
        storage: work.storage,
        shardCount: SHARD_COUNT,
        whatsapp: NO_WHATSAPP,
        guard: { allowPrivate: true },
        paceByDefault: false,
        metrics: work.metrics,
        log,
      },
      stopped,
    );
    expect(end).toBe('drained');
    expect(await work.runners.list()).toEqual([]);
  });

  it('lets go at once when it was declared dead, and counts what it lost', async () => {
    const work = await runnerAtWork();
    await work.runners.markDead('one', { at: work.time.now() });
    await work.pass(BEAT_EVERY_MS);
    expect(await work.ended).toBe('fenced');
    expect(work.metrics.valuesOf('LeasesLost')).toEqual([SHARD_COUNT]);
    // What it held stays marked with its name, for others to take.
    expect(await work.owners()).toEqual(['one', 'one']);
    expect(await work.runners.list()).toMatchObject([{ state: 'DEAD' }]);
  });

  it('lets go at once when it wakes up too late', async () => {
    const work = await runnerAtWork();
    work.time.freeze(10_000);
    await work.time.pass(0);
    expect(await work.ended).toBe('fenced');
    expect(work.metrics.valuesOf('LeasesLost')).toEqual([SHARD_COUNT]);
  });

  it('ends, with its last word in the log, when the drain takes too long', async () => {
    const work = await runnerAtWork((storage) => ({
      storage: {
        table: storage.table,
        mediaBlobs: storage.mediaBlobs,
        authBlobs: storage.authBlobs,
        keyWrap: storage.keyWrap,
        close: () => storage.close(),
        // It does not hear that it is to end.
        openQueue: () => ({
          send: async () => undefined,
          receive: () => new Promise(() => undefined),
        }),
      },
    }));
    work.stop.abort();
    await until('it drains', async () => (await work.runners.list())[0]?.state === 'DRAINING');
    await work.pass(DRAIN_MS_MAX);
    expect(await work.ended).toBe('overdue');
    expect(await work.owners()).toEqual(['one', 'one']);
    expect(work.sentences()).toContain('The runner could not hand over everything in time.');
  });

  it('releases the protection of its task as soon as it drains', async () => {
    const told: string[] = [];
    const work = await runnerAtWork(() => ({
      protection: {
        followUntil: async (_count, signal) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          told.push('followed');
        },
        release: async () => void told.push('released'),
      },
    }));
    work.stop.abort();
    await work.ended;
    expect(told).toEqual(['released', 'followed']);
  });
});
