import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { METRICS, METRICS_NAMESPACE } from '#shared/contracts/metrics.ts';
import { createEmfMetrics, type EmfOptions } from '#shared/metrics/emf-metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

const AT = new Date('2026-11-22T12:00:00Z');

/** CloudWatch's specification of the format, as far as it can be said of one line. */
const Directive = z.strictObject({
  Namespace: z.string().min(1).max(1024),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
  Metrics: z
    .array(
      z.strictObject({
        Name: z.string().min(1).max(1024),
        Unit: z.enum(['Count', 'Milliseconds']),
      }),
    )
    .min(1)
    .max(100),
});
const Line = z.looseObject({
  _aws: z.strictObject({ Timestamp: z.int(), CloudWatchMetrics: z.array(Directive).length(1) }),
});
const Target = z.array(z.number()).min(1).max(100);

/** The figures of a line, by their metrics. Fails when the line is not as the specification has it. */
function parseLine(text: string) {
  expect(text).not.toContain('\n');
  const line = Line.parse(JSON.parse(text));
  const [directive] = line._aws.CloudWatchMetrics;
  if (directive === undefined) throw new Error('The line has no directive.');
  for (const name of directive.Dimensions.flat()) {
    expect(z.string().min(1).max(1024).safeParse(line[name]).success).toBe(true);
  }
  return {
    line,
    directive,
    values: Object.fromEntries(
      directive.Metrics.map(({ Name }) => [Name, Target.parse(line[Name])]),
    ),
  };
}

function written(options: Omit<EmfOptions, 'write'> = {}) {
  const lines: string[] = [];
  const metrics = createEmfMetrics({
    now: () => AT,
    ...options,
    write: (line) => void lines.push(line),
  });
  return { metrics, lines, parsed: () => lines.map(parseLine) };
}

type Figure = readonly [name: string, value: number];

/** Every figure of a line, by its metric and its dimension's value. */
function namedFigures({ line, directive, values }: ReturnType<typeof parseLine>): Figure[] {
  const dimensions = directive.Dimensions.flat().map((name) => line[name]);
  return Object.entries(values).flatMap(([metric, all]) =>
    all.map((value): Figure => [[metric, ...dimensions].join(' '), value]),
  );
}

function totals(figures: readonly Figure[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, value] of figures) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

describe('the embedded metric format', () => {
  it('has what no dimension splits in one line, with the empty dimension set', () => {
    const { metrics, parsed } = written();
    metrics.add('SendLatency', 120);
    metrics.add('SendLatency', 80);
    metrics.add('MessagesAccepted', 1);
    metrics.flush();

    expect(parsed().map(({ line }) => line)).toEqual([
      {
        _aws: {
          Timestamp: AT.getTime(),
          CloudWatchMetrics: [
            {
              Namespace: METRICS_NAMESPACE,
              Dimensions: [[]],
              Metrics: [
                { Name: 'SendLatency', Unit: 'Milliseconds' },
                { Name: 'MessagesAccepted', Unit: 'Count' },
              ],
            },
          ],
        },
        SendLatency: [120, 80],
        MessagesAccepted: [1],
      },
    ]);
  });

  it('has a line for each value of a dimension, so that none counts for another', () => {
    const { metrics, parsed } = written();
    metrics.add('MessagesEnded', 1, 'SENT');
    metrics.add('MessagesEnded', 1, 'FAILED');
    metrics.add('MessagesEnded', 1, 'SENT');
    metrics.flush();

    expect(parsed()).toMatchObject([
      {
        line: { State: 'SENT' },
        directive: { Dimensions: [['State']] },
        values: { MessagesEnded: [2] },
      },
      {
        line: { State: 'FAILED' },
        directive: { Dimensions: [['State']] },
        values: { MessagesEnded: [1] },
      },
    ]);
  });

  it('keeps each figure of a gauge, for its average', () => {
    const { metrics, parsed } = written();
    metrics.add('SessionsHeld', 0);
    metrics.add('SessionsHeld', 40);
    metrics.flush();
    expect(parsed()[0]?.values).toEqual({ SessionsHeld: [0, 40] });
  });

  it('writes nothing when there is nothing, and nothing twice', () => {
    const { metrics, lines } = written();
    metrics.flush();
    metrics.add('LeasesLost', 1);
    metrics.flush();
    metrics.flush();
    expect(lines).toHaveLength(1);
  });

  it('drops what is no number', () => {
    const { metrics, lines } = written();
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) metrics.add('SendLatency', value);
    metrics.flush();
    expect(lines).toEqual([]);
  });

  it('loses no figure and keeps every limit, however many come', () => {
    const add: Record<string, (metrics: Metrics, value: number) => void> = {
      SendLatency: (metrics, value) => metrics.add('SendLatency', value),
      JournalLatency: (metrics, value) => metrics.add('JournalLatency', value),
      'Sessions CONNECTED': (metrics, value) => metrics.add('Sessions', value, 'CONNECTED'),
      'WebhookAttempts FAILED': (metrics, value) => metrics.add('WebhookAttempts', value, 'FAILED'),
    };
    const names = fc.constantFrom(...Object.keys(add));
    const figures = fc.array(fc.tuple(names, fc.nat(1_000)), { maxLength: 700 });
    fc.assert(
      fc.property(figures, (added) => {
        const { metrics, parsed } = written();
        for (const [name, value] of added) add[name]?.(metrics, value);
        metrics.close();
        expect(totals(parsed().flatMap(namedFigures))).toEqual(totals(added));
      }),
      { numRuns: 30 },
    );
  });

  it('has few enough metrics for one line, and dimensions with few values', () => {
    expect(Object.keys(METRICS).length).toBeLessThanOrEqual(100);
    const values = Object.values(METRICS).map((metric) =>
      'values' in metric ? metric.values.length : 1,
    );
    // CloudWatch bills each: about as many dollars as a third of this.
    expect(values.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(30);
  });
});

describe('a process that lives on', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes what it has every minute, and the rest when it ends', () => {
    const { metrics, parsed } = written({ flushEveryMs: 60_000 });
    metrics.add('SendLatency', 1);
    vi.advanceTimersByTime(59_999);
    expect(parsed()).toEqual([]);
    vi.advanceTimersByTime(1);
    metrics.add('SendLatency', 2);
    metrics.close();
    vi.advanceTimersByTime(600_000);

    expect(parsed().map(({ values }) => values)).toEqual([
      { SendLatency: [1] },
      { SendLatency: [2] },
    ]);
  });
});
