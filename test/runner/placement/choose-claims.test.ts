import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseClaims, chooseOutdated } from '#runner/placement/choose-claims.ts';
import type { Runner } from '#shared/repositories/runner-repository.ts';
import { aLease, aRunner } from './a-runner.ts';

const NAMES = ['a', 'b', 'c', 'd', 'self'];
const state = fc.constantFrom<Runner['state']>('ALIVE', 'DRAINING', 'DEAD');
const runners = fc
  .uniqueArray(fc.record({ runnerId: fc.constantFrom(...NAMES), state, drain: fc.boolean() }), {
    selector: ({ runnerId }) => runnerId,
  })
  .map((all) =>
    all.map(({ runnerId, drain, ...more }) =>
      aRunner(runnerId, { ...more, drainRequested: drain }),
    ),
  );
const leases = fc
  .array(fc.option(fc.constantFrom(...NAMES, 'gone'), { nil: undefined }), { maxLength: 12 })
  .map((owners) => owners.map((owner, shard) => aLease(shard, owner)));

describe('chooseClaims', () => {
  it('never wants what a living runner holds, its own included', () => {
    fc.assert(
      fc.property(leases, runners, (all, known) => {
        const living = known.filter((runner) => runner.state !== 'DEAD');
        const wanted = chooseClaims(all, known, 'self');
        for (const lease of wanted) {
          const owner = lease.state === 'HELD' ? lease.owner : undefined;
          expect(owner).not.toBe('self');
          expect(living.map(({ runnerId }) => runnerId)).not.toContain(owner);
        }
      }),
    );
  });

  it('wants all that is free, or a dead or unknown runner’s, while it is alive and not to drain', () => {
    fc.assert(
      fc.property(leases, runners, (all, others) => {
        const known = [...others.filter(({ runnerId }) => runnerId !== 'self'), aRunner('self')];
        const living = known.flatMap((runner) => (runner.state === 'DEAD' ? [] : runner.runnerId));
        const open = all.filter((lease) => lease.state === 'FREE' || !living.includes(lease.owner));
        expect(chooseClaims(all, known, 'self')).toEqual(open);
      }),
    );
  });

  it.each<[string, Runner[]]>([
    ['is unknown', []],
    ['drains', [aRunner('self', { state: 'DRAINING' })]],
    ['was asked to drain', [aRunner('self', { drainRequested: true })]],
    ['is dead', [aRunner('self', { state: 'DEAD' })]],
  ])('wants nothing for a runner that %s', (_name, known) => {
    expect(chooseClaims([aLease(0), aLease(1, 'gone')], known, 'self')).toEqual([]);
  });
});

describe('chooseOutdated', () => {
  const EARLIER = '2026-11-22T11:00:00.000Z';
  const self = aRunner('self', { version: 'runner:7' });

  it('names those of another version that started before', () => {
    const older = aRunner('older', { version: 'runner:6', startedAt: EARLIER });
    expect(chooseOutdated([older, self], 'self')).toEqual([older]);
  });

  it('names the newer version, too, when a deployment is rolled back', () => {
    const newer = aRunner('newer', { version: 'runner:8', startedAt: EARLIER });
    expect(chooseOutdated([newer, self], 'self')).toEqual([newer]);
  });

  it.each<[string, Partial<Runner>]>([
    ['of its own version', { version: 'runner:7', startedAt: EARLIER }],
    ['that started later', { version: 'runner:6', startedAt: '2026-11-22T13:00:00.000Z' }],
    ['without a version', { startedAt: EARLIER }],
    ['that was asked', { version: 'runner:6', startedAt: EARLIER, drainRequested: true }],
    ['that drains', { version: 'runner:6', startedAt: EARLIER, state: 'DRAINING' }],
  ])('leaves alone a runner %s', (_name, changes) => {
    expect(chooseOutdated([aRunner('other', changes), self], 'self')).toEqual([]);
  });

  it('names nobody for a runner that has no version, or that drains itself', () => {
    const older = aRunner('older', { version: 'runner:6', startedAt: EARLIER });
    expect(chooseOutdated([older, aRunner('self')], 'self')).toEqual([]);
    const drains = { ...self, state: 'DRAINING' } as const;
    expect(chooseOutdated([older, drains], 'self')).toEqual([]);
  });

  it('never has two runners ask each other', () => {
    const version = fc.option(fc.constantFrom('runner:1', 'runner:2', 'runner:3'), {
      nil: undefined,
    });
    const started = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.tuple(version, started), fc.tuple(version, started), (one, other) => {
        const known = [one, other].map(([ownVersion, second], index) =>
          aRunner(String(index), {
            startedAt: `2026-11-22T12:00:0${second}.000Z`,
            ...(ownVersion !== undefined && { version: ownVersion }),
          }),
        );
        const asked = ['0', '1'].filter((self) => chooseOutdated(known, self).length > 0);
        expect(asked.length).toBeLessThan(2);
      }),
    );
  });
});
