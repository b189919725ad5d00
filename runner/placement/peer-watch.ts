import type { PlacementTimings } from '#shared/contracts/placement-timings.ts';

type Sighting = { readonly beat: number; readonly sinceMs: number };
type Beating = { readonly runnerId: string; readonly state: string; readonly beat: number };

/** Tells by our own clock which runners have fallen silent: what clocks elsewhere say does not count. */
export class PeerWatch {
  readonly #deadAfterMs: number;
  #sightings = new Map<string, Sighting>();

  constructor({ deadAfterMs }: Pick<PlacementTimings, 'deadAfterMs'>) {
    this.#deadAfterMs = deadAfterMs;
  }

  /**
   * Takes note of the runners as they were read between two times of a monotonic clock. Answers the living ones
   * whose heartbeat has not changed for so long that they have let go by themselves.
   */
  observe<T extends Beating>(
    runners: readonly T[],
    read: { beganMs: number; endedMs: number },
  ): T[] {
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
      return read.beganMs - sinceMs >= this.#deadAfterMs;
    });
  }
}
