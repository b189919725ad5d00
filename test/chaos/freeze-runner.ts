import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import type { SupervisedProcess } from './supervised-process.ts';

const FREEZES_MAX = 40;
/** A write that takes longer waits for a lock. Everybody waits with it, and a scaled fence closes after two seconds. */
const WRITE_MS_MAX = 500;

/**
 * Stops a process at a moment at which it holds no lock of SQLite's: those are the embedded home's alone, and everybody
 * would wait for them. Answers how it is let go on, in the same run of it; one that has ended meanwhile needs nothing.
 */
export async function freezeWithoutLock(
  runner: Pick<SupervisedProcess<unknown>, 'pid' | 'name'>,
  storage: EmbeddedStorage,
): Promise<() => void> {
  for (let tries = 1; tries <= FREEZES_MAX; tries += 1) {
    const { pid } = runner;
    if (pid === undefined) return () => undefined;
    signal(pid, 'SIGSTOP');
    const written = write(storage);
    const isFree = await Promise.race([written.then(() => true), sleep(WRITE_MS_MAX, false)]);
    if (isFree) return () => signal(pid, 'SIGCONT');
    signal(pid, 'SIGCONT');
    await written;
  }
  throw new Error(`${runner.name} holds a lock whenever it is stopped.`);
}

/** To each database. */
async function write(storage: EmbeddedStorage): Promise<void> {
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

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
