/** Somebody who sleeps until a test wakes him. */
type Sleeper = { readonly wake: () => void };

/**
 * The sleep of a scripted clock: among the sleepers until it is woken. Rejects when the signal aborts. `toSleeper`
 * adds what the clock must know to choose whom to wake.
 */
export async function untilWoken<S extends Sleeper>(
  sleepers: Set<S>,
  toSleeper: (sleeper: Sleeper) => S,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sleeper = toSleeper({ wake: resolve });
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  sleepers.add(sleeper);
  try {
    await promise;
  } finally {
    sleepers.delete(sleeper);
    signal?.removeEventListener('abort', abort);
  }
}
