import { setTimeout as delay } from 'node:timers/promises';

const POLL_EVERY_MS = 4;
const WAIT_MAX_MS = 8_000;

/** Waits until the condition holds; fails with what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const endMs = performance.now() + WAIT_MAX_MS;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`Waited in vain until ${what}.`);
    await delay(POLL_EVERY_MS);
  }
}
