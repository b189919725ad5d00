import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import { type Child, startChild } from './child.ts';
import {
  COUNTER,
  INCREMENTS,
  PRIZES,
  prizeKey,
  RIVAL_QUEUE,
  RivalReport,
} from './fixtures/rival-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';

const RIVALS = ['one', 'two'];
const MESSAGES = 200;
const GROUPS = 5;

describe('two processes on one data folder', () => {
  it('lose no increment of a counter by conditional updates', async () => {
    const { storage, dataDir } = await open();
    const results = await runRivals(dataDir, 'increment');
    const values = [...results.values()].flat().map(Number);
    const expected = Array.from({ length: RIVALS.length * INCREMENTS }, (_, n) => n + 1);
    expect(values.toSorted((a, b) => a - b)).toEqual(expected);
    expect(await storage.table.get(COUNTER)).toMatchObject({ n: expected.length });
  });

  it('have one winner of every putIfAbsent', async () => {
    const { storage, dataDir } = await open();
    const results = await runRivals(dataDir, 'race');
    const won = [...results.values()].flat();
    expect(won.toSorted()).toEqual(
      Array.from({ length: PRIZES }, (_, prize) => prizeKey(prize)).toSorted(),
    );
    for (const [name, keys] of results) {
      for (const key of keys) expect(String(await storage.mediaBlobs.get(key))).toBe(name);
    }
  });

  it('receive each message of a queue once, and each group in order', async () => {
    const { storage, dataDir } = await open();
    const queue = storage.openQueue(RIVAL_QUEUE);
    const send = async (n: number) =>
      await queue.send({ group: `g${n % GROUPS}`, dedupId: String(n), body: String(n) });
    for (let n = 0; n < MESSAGES / 2; n += 1) await send(n);
    const results = await runRivals(dataDir, 'consume', async () => {
      for (let n = MESSAGES / 2; n < MESSAGES; n += 1) await send(n);
    });
    const bodies = [...results.values()].map((received) => received.map(Number));
    expect(bodies.flat().toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: MESSAGES }, (_, n) => n),
    );
    for (const received of bodies) {
      for (let group = 0; group < GROUPS; group += 1) {
        const ofGroup = received.filter((n) => n % GROUPS === group);
        expect(ofGroup).toEqual(ofGroup.toSorted((a, b) => a - b));
      }
    }
  });
});

async function open(): Promise<{ storage: EmbeddedStorage; dataDir: string }> {
  const dataDir = await temporaryFolder();
  const storage = await openEmbeddedStorage({ dataDir });
  onTestFinished(async () => await storage.close());
  return { storage, dataDir };
}

/** Lets all rivals begin when all are ready. Answers what each of them achieved. */
async function runRivals(
  dataDir: string,
  work: string,
  meanwhile?: () => Promise<void>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const results = new Map<string, readonly string[]>();
  const children: Child[] = [];
  let ready = 0;
  const onReport = (message: unknown) => {
    const report = RivalReport.parse(message);
    if (report.kind === 'done') results.set(report.name, report.results);
    else ready += 1;
    if (report.kind === 'ready' && ready === RIVALS.length)
      for (const child of children) child.go();
  };
  children.push(...RIVALS.map((name) => startChild('rival', [dataDir, work, name], onReport)));
  await Promise.all([...children.map((child) => child.ended), meanwhile?.()]);
  expect([...results.keys()].toSorted()).toEqual(RIVALS.toSorted());
  return results;
}
