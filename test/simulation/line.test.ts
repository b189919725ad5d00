import { describe, expect, it } from 'vitest';
import { FAIR, type Weather } from '#simulation/faults/link.ts';
import { Chance } from '#simulation/time/chance.ts';
import { Host } from '#simulation/time/host.ts';
import { VirtualTime } from '#simulation/time/virtual-time.ts';
import { Line } from '#simulation/whatsapp/line.ts';

function aLine() {
  const time = new VirtualTime();
  const chance = new Chance(5);
  const host = new Host('one', time, chance);
  const weather: Weather = { ...FAIR };
  const arrived: string[] = [];
  const line = new Line({
    host,
    time,
    chance,
    weather,
    toServer: (frame) => arrived.push(frame.kind === 'receipt' ? frame.id : frame.kind),
    toClient: (frame) => arrived.push(frame.kind === 'ack' ? frame.waId : frame.kind),
  });
  return { time, host, weather, arrived, line };
}

const ids = Array.from({ length: 20 }, (_, n) => String(n));

describe('Line', () => {
  it('brings frames in their order, over a cut too, and late', async () => {
    const { time, weather, arrived, line } = aLine();
    for (const [n, id] of ids.entries()) {
      if (n === 5) weather.cut = 'requests';
      line.sendUp({ kind: 'receipt', id });
      await time.runUntil(time.nowMs + 333);
    }
    expect(arrived).toEqual(ids.slice(0, 5));
    weather.cut = undefined;
    await time.runUntil(time.nowMs + 5_000);
    expect(arrived).toEqual(ids);
  });

  it('is cut one way alone', async () => {
    const { time, weather, arrived, line } = aLine();
    weather.cut = 'requests';
    line.sendUp({ kind: 'ping' });
    line.sendDown({ kind: 'ack', waId: 'down' });
    await time.runUntil(1_000);
    expect(arrived).toEqual(['down']);
  });

  it('brings nothing to a client that has closed it, and to the server what had left', async () => {
    const { time, arrived, line } = aLine();
    line.sendUp({ kind: 'receipt', id: 'before' });
    line.sendDown({ kind: 'ack', waId: 'unread' });
    line.close();
    line.sendUp({ kind: 'receipt', id: 'after' });
    await time.runUntil(1_000);
    expect(arrived).toEqual(['before']);
  });

  it('keeps what comes for a process that is paused', async () => {
    const { time, host, arrived, line } = aLine();
    host.pause(10_000);
    line.sendDown({ kind: 'ack', waId: 'kept' });
    await time.runUntil(9_000);
    expect(arrived).toEqual([]);
    await time.runUntil(11_000);
    expect(arrived).toEqual(['kept']);
  });
});
