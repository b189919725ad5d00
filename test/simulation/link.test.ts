import { describe, expect, it } from 'vitest';
import { FAIR, Link, NoAnswer, type Weather } from '#simulation/faults/link.ts';
import { Chance } from '#simulation/time/chance.ts';
import { Host } from '#simulation/time/host.ts';
import { VirtualTime } from '#simulation/time/virtual-time.ts';

const LATE_MS_MAX = 30_000;

/** Calls a service many times over one link; answers what came of it. */
async function callMany(weather: Weather, calls = 200) {
  const time = new VirtualTime();
  const chance = new Chance(3);
  const host = new Host('one', time, chance);
  const link = new Link({ name: 'table', host, time, chance, weather });
  let applied = 0;
  const outcomes: string[] = [];
  const call = () =>
    link
      .call(async () => {
        applied += 1;
        return 'answered';
      })
      .catch((cause: Error) => cause.name);
  for (let n = 0; n < calls; n += 1) void call().then((outcome) => outcomes.push(outcome));
  await time.runUntil(LATE_MS_MAX);
  return { applied, outcomes, kinds: new Set(outcomes), host, time, call };
}

describe('Link', () => {
  it('answers every call in fair weather, once', async () => {
    const { applied, kinds } = await callMany({ ...FAIR });
    expect(applied).toBe(200);
    expect([...kinds]).toEqual(['answered']);
  });

  it('has everything done and tells of nothing when the answers are cut off', async () => {
    const { applied, kinds } = await callMany({ ...FAIR, cut: 'answers' });
    expect(applied).toBe(200);
    expect([...kinds]).toEqual([NoAnswer.name]);
  });

  it('has some done later than the caller was told, and some never, when requests are cut off', async () => {
    const { applied, kinds } = await callMany({ ...FAIR, cut: 'requests' });
    expect(applied).toBeGreaterThan(0);
    expect(applied).toBeLessThan(200);
    expect([...kinds]).toEqual([NoAnswer.name]);
  });

  it('does nothing of what is throttled', async () => {
    const { applied, outcomes } = await callMany({ ...FAIR, throttled: 0.5 });
    expect(outcomes.filter((kind) => kind === 'Throttled').length).toBe(200 - applied);
    expect(applied).toBeLessThan(200);
  });

  it('does some things twice', async () => {
    const { applied, kinds } = await callMany({ ...FAIR, repeated: 0.5 });
    expect(applied).toBeGreaterThan(200);
    expect([...kinds]).toEqual(['answered']);
  });

  it('never answers a process that is gone', async () => {
    const { host, time, call, outcomes } = await callMany({ ...FAIR }, 1);
    host.kill();
    void call().then((outcome) => outcomes.push(outcome));
    await time.runUntil(2 * LATE_MS_MAX);
    expect(outcomes).toEqual(['answered']);
  });
});
