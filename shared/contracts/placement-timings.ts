import * as z from 'zod';

/** How soon runners notice each other and what they are to work on. */
export type PlacementTimings = {
  /** How often a runner says that it is alive; the answer tells it what is assigned to it. */
  readonly beatEveryMs: number;
  /**
   * A runner lets go so long after the *start* of its last good heartbeat. Others take it for dead `deadAfterMs` after
   * that heartbeat at the earliest: in between, nobody holds its shards.
   */
  readonly fenceAfterMs: number;
  /** A runner that was silent for so long is taken for dead. It lets go by itself before. */
  readonly deadAfterMs: number;
  /** How often the leader looks at everything, and those at it who would take its place. */
  readonly lookEveryMs: number;
  /** How often all others look whether they are to watch the leader, and whether what they hold is still theirs. */
  readonly censusEveryMs: number;
  /** How often a runner tries to claim what is assigned to it and another still holds: most of a session's gap. */
  readonly claimEveryMs: number;
};

export const PLACEMENT_TIMINGS: PlacementTimings = {
  beatEveryMs: 3_000,
  fenceAfterMs: 10_000,
  deadAfterMs: 13_000,
  lookEveryMs: 2_000,
  censusEveryMs: 30_000,
  claimEveryMs: 500,
};

/** All timings longer or shorter by one factor, so that what is promised of their order holds. */
export function scaledTimings(scale: number): PlacementTimings {
  const { beatEveryMs, fenceAfterMs, deadAfterMs, lookEveryMs, censusEveryMs, claimEveryMs } =
    PLACEMENT_TIMINGS;
  return {
    beatEveryMs: beatEveryMs * scale,
    fenceAfterMs: fenceAfterMs * scale,
    deadAfterMs: deadAfterMs * scale,
    lookEveryMs: lookEveryMs * scale,
    censusEveryMs: censusEveryMs * scale,
    claimEveryMs: claimEveryMs * scale,
  };
}

/** Below, a busy machine's pauses look like death: fence and death are three tenths of a second apart then. */
const SCALE_MIN = 0.1;
const SCALE_MAX = 10;

/** For tests of one machine: every process of a system must be told the same. */
export const TimingsScale = z.coerce.number().min(SCALE_MIN).max(SCALE_MAX).default(1);
