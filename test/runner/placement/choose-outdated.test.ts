import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseOutdated } from '#runner/placement/choose-outdated.ts';
import { aRunner } from './a-runner.ts';

const NOW = new Date('2026-11-22T12:01:00Z');
const at = (second: number) => `2026-11-22T12:00:${String(second).padStart(2, '0')}.000Z`;
const old = (id: string, second = 0) => aRunner(id, { version: 'runner:6', startedAt: at(second) });
const fresh = (id: string) => aRunner(id, { version: 'runner:7', startedAt: at(30) });
const sessions = (counts: Record<string, number>) => (id: string) => counts[id] ?? 0;
const none = sessions({});

describe('chooseOutdated', () => {
  it('names the oldest of another version than the one that started last', () => {
    const known = [old('b', 2), old('a', 1), fresh('new')];
    expect(chooseOutdated(known, none, NOW)?.runnerId).toBe('a');
  });

  it('names the greater version, too, when a deployment is rolled back', () => {
    const back = aRunner('back', { version: 'runner:6', startedAt: at(40) });
    expect(chooseOutdated([fresh('new'), back], none, NOW)?.runnerId).toBe('new');
  });

  it('has no more drain at a time than there are new ones', () => {
    const draining = { ...old('b', 2), state: 'DRAINING' as const };
    expect(chooseOutdated([old('a'), draining, fresh('new')], none, NOW)).toBeUndefined();
    const asked = { ...old('b', 2), drainRequested: true };
    expect(chooseOutdated([old('a'), asked, fresh('new')], none, NOW)).toBeUndefined();
    const two = [old('a'), asked, fresh('new'), fresh('newer')];
    expect(chooseOutdated(two, none, NOW)?.runnerId).toBe('a');
  });

  it('waits while the new ones have their share, so that the first does not get all', () => {
    const known = [old('a', 1), old('b', 2), fresh('new')];
    const even = sessions({ a: 50, b: 50, new: 75 });
    expect(chooseOutdated(known, even, NOW)).toBeUndefined();
    const later = new Date(Date.parse(at(30)) + 120_000);
    expect(chooseOutdated(known, even, later)?.runnerId).toBe('a');
    const more = [...known, fresh('newer')];
    expect(chooseOutdated(more, even, NOW)?.runnerId).toBe('a');
  });

  it('leaves alone those of its version, without one, and the dead', () => {
    const dead = { ...old('dead'), state: 'DEAD' as const };
    const known = [aRunner('nameless'), fresh('new'), fresh('newer'), dead];
    expect(chooseOutdated(known, none, NOW)).toBeUndefined();
    expect(chooseOutdated([old('a'), aRunner('nameless')], none, NOW)).toBeUndefined();
    expect(chooseOutdated([], none, NOW)).toBeUndefined();
  });

  it('ends every deployment, one runner after the other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 12 }),
        (loads) => {
          let known = loads.map((_, n) => old(`old ${n}`, n));
          const counts: Record<string, number> = {};
          loads.forEach((load, n) => {
            counts[`old ${n}`] = load;
          });
          // ECS starts one more at a time, and each that drained is followed by the next.
          for (let n = 0; n < loads.length; n += 1) {
            known = [...known, { ...fresh(`new ${n}`) }];
            const later = new Date(Date.parse(at(30)) + 120_000);
            const next =
              chooseOutdated(known, sessions(counts), NOW) ??
              chooseOutdated(known, sessions(counts), later);
            expect(next?.version).toBe('runner:6');
            known = known.filter((runner) => runner !== next);
            counts[`new ${n}`] = counts[next?.runnerId ?? ''] ?? 0;
          }
          expect(known.every(({ version }) => version === 'runner:7')).toBe(true);
        },
      ),
    );
  });
});
