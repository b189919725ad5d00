import { describe, expect, it } from 'vitest';
import { countUntil } from '#runner/placement/census.ts';
import type { InstanceStatus } from '#shared/domain/instance.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { ScriptedTime } from './scripted-time.ts';

describe('countUntil', () => {
  it('tells once a minute how many sessions there are, and how the instances are', async () => {
    const time = new ScriptedTime();
    const metrics = recordedMetrics();
    let statuses: InstanceStatus[] = ['CONNECTED', 'SCAN_QR', 'CONNECTED', 'CREATED'];
    const placement = {
      get sessionCount() {
        return statuses.filter((status) => status !== 'CREATED').length;
      },
      statuses: () => statuses,
    };
    const stop = new AbortController();
    const counting = countUntil({ placement, metrics, sleep: time.sleep }, stop.signal);
    await time.pass(59_999);
    expect(metrics.figures).toEqual([]);
    await time.pass(1);
    expect(metrics.figures).toEqual([
      ['SessionsHeld', 3],
      ['SessionsDownShare', 0],
      ['Sessions', 2, 'CONNECTED'],
      ['Sessions', 1, 'SCAN_QR'],
      ['Sessions', 1, 'CREATED'],
    ]);
    statuses = [];
    await time.pass(60_000);
    expect(metrics.figures.slice(5)).toEqual([
      ['SessionsHeld', 0],
      ['SessionsDownShare', 0],
    ]);
    statuses = ['CONNECTED', 'DISCONNECTED', 'SCAN_QR', 'DISCONNECTED'];
    await time.pass(60_000);
    expect(metrics.figures).toContainEqual(['SessionsDownShare', 50]);
    stop.abort();
    await counting;
    expect(metrics.figures).toHaveLength(12);
  });
});
