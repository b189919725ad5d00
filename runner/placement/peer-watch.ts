import { DEAD_AFTER_MS, type Runner } from '#shared/repositories/runner-repository.ts';

type Sighting = { readonly beat: number; readonly sinceMs: number };

/** Tells by our own clock which runners have fallen silent: what clocks elsewhere say does not count. */
export class PeerWatch {
  #sightings = new Map<string, Sighting>();

  /**
   * Takes note of the runners as they were read between two times of a monotonic clock. Answers the living ones
   * whose heartbeat has not changed for so long that they have let go by themselves.
   */
  observe(runners: readonly Runner[], read: { beganMs: number; endedMs: number }): Runner[] {
    const living = runners.filter(({ state }) => state !== 'DEAD');
    const sightings = new Map<string, Sighting>();
    for (const { runnerId, beat } of living) {
      const before = this.#sightings.get(runnerId);
      const isSame = before?.beat === beat;
      sightings.set(runnerId, isSame ? before : { beat, sinceMs: read.endedMs });
    }
    this.#sightings = sightings;
    return living.filter(({ runnerId }) => {
      const sinceMs = sightings.get(runnerId)?.sinceMs ?? read.endedMs;
      return read.beganMs - sinceMs >= DEAD_AFTER_MS;
    });
  }
}
