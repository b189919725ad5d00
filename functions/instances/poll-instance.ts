import type { Instance } from '#shared/domain/instance.ts';
import type { InstanceRef } from '#shared/repositories/instance-repository.ts';
import type { Deps } from '../deps.ts';

const POLL_DELAY_MS = 250;

type Poll<T> = {
  readonly timeoutMs: number;
  /** What is waited for, or `undefined` to wait on. `instance` is `undefined` when it is gone. */
  readonly look: (instance: Instance | undefined) => T | undefined;
};

/** Reads the instance until `look` has found something; `undefined` when the time is over. */
export async function pollInstance<T>(
  ref: InstanceRef,
  { timeoutMs, look }: Poll<T>,
  { instances, sleep }: Pick<Deps, 'instances' | 'sleep'>,
): Promise<T | undefined> {
  const looksMax = Math.ceil(timeoutMs / POLL_DELAY_MS);
  for (let looks = 0; looks < looksMax; looks += 1) {
    const found = look(await instances.get(ref));
    if (found !== undefined) return found;
    await sleep(POLL_DELAY_MS);
  }
  return undefined;
}
