import type { ChaosOptions } from './chaos-options.ts';
import type { Verdict } from './check-history.ts';
import { describeMs } from './figures.ts';
import type { History } from './history.ts';

/** What a run is told of besides its history. */
export type RunFigures = {
  readonly options: ChaosOptions;
  readonly tookS: Readonly<Record<'linking' | 'traffic' | 'settling', number>>;
  readonly faults: ReadonlyMap<string, number>;
  readonly callsRepeated: number;
  readonly callsGivenUp: number;
  /** Runs of runners that ended by themselves: fenced, and started again. */
  readonly fencedRuns: number;
  readonly memoryMib: ReadonlyMap<string, number>;
};

/** The report for a person, line by line. */
export function writeReport(
  history: History,
  verdicts: readonly Verdict[],
  figures: RunFigures,
): string {
  const { options, tookS, faults, callsRepeated, callsGivenUp, fencedRuns, memoryMib } = figures;
  const memory = [...memoryMib].map(([name, mib]) => `${name} ${mib} MiB`).join(', ');
  const lines = [
    Object.entries(options)
      .map(([name, value]) => `--${name} ${value}`)
      .join(' '),
    `linking ${tookS.linking} s, traffic ${tookS.traffic} s, settling ${tookS.settling} s`,
    '',
    'Faults',
    ...[...faults].toSorted().map(([what, count]) => `  ${count} x ${what}`),
    '',
    'Figures',
    ...messageFigures(history, options).map((line) => `  ${line}`),
    `  calls made again ${callsRepeated}, given up ${callsGivenUp}`,
    `  runners that fenced themselves ${fencedRuns}`,
    `  most memory of a runner: ${memory}`,
    '',
    'Verdict',
    ...verdicts.flatMap(verdictLines),
  ];
  return `${lines.join('\n')}\n`;
}

function messageFigures(
  { sends, written, shown, deliveries, failovers }: History,
  asked: ChaosOptions,
): string[] {
  const resent = shown.reduce((sum, { copies }) => sum + copies - 1, 0);
  const events = new Set(deliveries.map(({ eventId }) => eventId)).size;
  const shownAt = firstTimes(shown);
  const toldAt = firstTimes(deliveries);
  return [
    `accepted sends ${sends.length} of ${asked.sends}, shown ${shown.length}, copies over the wire besides ${resent}`,
    `messages of customers ${written.length} of ${asked.inbound}, told of ${events}, deliveries besides ${deliveries.length - events}`,
    `send, call to answer: ${describeMs(sends.map(({ calledAtMs, acceptedAtMs }) => acceptedAtMs - calledAtMs))}`,
    `send, answer to phone: ${describeMs(
      sends.flatMap(({ chat, text, acceptedAtMs }) =>
        since(acceptedAtMs, shownAt.get(`${chat} ${text}`)),
      ),
    )}`,
    `phone to webhook: ${describeMs(
      written.flatMap(({ chat, text, writtenAtMs }) =>
        since(writtenAtMs, toldAt.get(`${chat} ${text}`)),
      ),
    )}`,
    `sessions of killed runners away: ${describeMs(failovers.map(({ tookMs }) => tookMs))}`,
  ];
}

function since(beganMs: number, endedMs: number | undefined): number[] {
  return endedMs === undefined ? [] : [Math.max(0, endedMs - beganMs)];
}

function firstTimes(
  items: readonly { readonly chat: string; readonly text: string; readonly atMs: number }[],
): Map<string, number> {
  const times = new Map<string, number>();
  for (const { chat, text, atMs } of items) {
    const key = `${chat} ${text}`;
    if (!times.has(key)) times.set(key, atMs);
  }
  return times;
}

function verdictLines({ promise, checked, faultCount, faults }: Verdict): string[] {
  if (faultCount === 0) return [`  kept    ${promise} (${checked})`];
  const more = faultCount > faults.length ? [`          … ${faultCount} in all`] : [];
  return [
    `  BROKEN  ${promise} (${faultCount} of ${checked})`,
    ...faults.map((fault) => `          ${fault}`),
    ...more,
  ];
}
