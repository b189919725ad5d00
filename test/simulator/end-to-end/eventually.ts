import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 15;
const TIMEOUT_MS = 10_000;

/** Waits until the probe gives something; an error of the probe ends the wait only if told so. */
export async function eventually<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  options: { readonly givesUpOn?: 'error' } = {},
): Promise<T> {
  const until = Date.now() + TIMEOUT_MS;
  let lastError: unknown;
  for (;;) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      if (options.givesUpOn === 'error') throw error;
      lastError = error;
    }
    if (Date.now() > until) {
      throw new Error(`It did not happen in ${TIMEOUT_MS} ms.`, { cause: lastError });
    }
    await sleep(POLL_MS);
  }
}
