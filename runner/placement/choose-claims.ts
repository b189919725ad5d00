import type { Lease } from '#shared/repositories/lease-repository.ts';
import type { Runner } from '#shared/repositories/runner-repository.ts';

/**
 * Which leases the runner `self` is to claim: every one that is free, or whose owner is dead or gone. The
 * first runner holds all of them, and the next stands by.
 */
export function chooseClaims(
  leases: readonly Lease[],
  runners: readonly Runner[],
  self: string,
): Lease[] {
  const own = runners.find(({ runnerId }) => runnerId === self);
  if (own?.state !== 'ALIVE' || own.drainRequested) return [];
  const states = new Map(runners.map(({ runnerId, state }) => [runnerId, state]));
  return leases.filter((lease) => {
    if (lease.state === 'FREE') return true;
    return lease.owner !== self && (states.get(lease.owner) ?? 'DEAD') === 'DEAD';
  });
}

/**
 * Which runners the runner `self` is to ask to drain: those of another version that started before it. Not the
 * greater version counts but the later start, so that a deployment can be rolled back.
 */
export function chooseOutdated(runners: readonly Runner[], self: string): Runner[] {
  const own = runners.find(({ runnerId }) => runnerId === self);
  if (own?.version === undefined || own.state !== 'ALIVE') return [];
  return runners.filter(
    ({ state, version, startedAt, drainRequested }) =>
      state === 'ALIVE' &&
      !drainRequested &&
      version !== undefined &&
      version !== own.version &&
      Date.parse(startedAt) < Date.parse(own.startedAt),
  );
}
