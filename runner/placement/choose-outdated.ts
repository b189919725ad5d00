import type { Runner } from '#shared/repositories/runner-repository.ts';
import { BAND } from './draft.ts';
import { isOutdated, versionOf } from './plan.ts';

/** If what comes after it is not there by then, a runner of an older version goes none the less. */
const PATIENCE_MS = 120_000;

/**
 * The runner that is to drain next: the oldest of those of another version than the one that started last. Not the
 * greater version counts but the later start, so that a deployment can be rolled back. No more drain at a time than
 * there are new ones, and not before the new ones have less than their share: ECS starts a few at a time, and the first
 * of them is not to take over a whole fleet.
 */
export function chooseOutdated(
  runners: readonly Runner[],
  sessionsOf: (runnerId: string) => number,
  now: Date,
): Runner | undefined {
  const living = runners.filter(({ state }) => state !== 'DEAD');
  const isDraining = ({ state, drainRequested }: Runner) => state === 'DRAINING' || drainRequested;
  const staying = living.filter((runner) => !isDraining(runner));
  const newest = versionOf(staying);
  const fresh = staying.filter(({ version }) => !isOutdated(version, newest));
  const [next] = staying
    .filter(({ version }) => isOutdated(version, newest))
    .sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
  const draining = living.filter((runner) => isDraining(runner)).length;
  if (next === undefined || draining >= fresh.length) return undefined;
  const sum = (those: readonly Runner[]) =>
    those.reduce((total, { runnerId }) => total + sessionsOf(runnerId), 0);
  const share = (sum(staying) * fresh.length) / staying.length;
  const latestMs = Math.max(...fresh.map(({ startedAt }) => Date.parse(startedAt)));
  const hasRoom = sum(fresh) <= share * (1 + BAND);
  return hasRoom || now.getTime() - latestMs >= PATIENCE_MS ? next : undefined;
}
