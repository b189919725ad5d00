import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;
const PATIENCE_MS = 30_000;

/** Looks again and again until there is an answer. Throws after thirty seconds, saying what was waited for. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (Date.now() < deadlineMs) {
    const answer = await look();
    if (answer !== undefined) return answer;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`Waited in vain for ${what}.`);
}
