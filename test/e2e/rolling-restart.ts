import { until } from '../../infra/local/until.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { Fleet, type RunnerProcess } from './fleet.ts';
import { LinkedInstance, violations } from './linked-instance.ts';
import { Traffic } from './traffic.ts';

export type RollingOptions = {
  readonly runners: number;
  readonly instances: number;
  readonly shardCount: number;
  readonly timingsScale: number;
  /** Of all instances together, both ways counted. */
  readonly messagesPerSecond: number;
  /** How many of the runners are replaced, one after the other. */
  readonly replaced: number;
};

export type RollingFigures = {
  /** Sent and received. */
  readonly messages: number;
  /** Instances of which a text did not arrive, or came twice. */
  readonly disturbed: number;
  /** Instances of which texts arrived in another order than they were sent in. */
  readonly disordered: number;
  readonly violations: unknown;
  /** Sessions that WhatsApp closed with 440. */
  readonly conflicts: number;
  /** Of each session, how often it was closed and opened anew. */
  readonly moves: readonly number[];
  /** From the end of a session to its next connection, in milliseconds, shortest first. */
  readonly gapsMs: readonly number[];
};

/** On a busy machine much has come together. Each wait is half a minute. */
const WAITS_MAX = 4;

type Line = {
  readonly instance: LinkedInstance;
  readonly receiver: WebhookReceiver;
  readonly traffic: Traffic;
};

/** Replaces the runners of a fleet under traffic, each after its successor has started, as ECS does. */
export async function rollOver(
  options: RollingOptions,
  tell: (step: string) => void,
): Promise<RollingFigures> {
  const { shardCount, timingsScale } = options;
  const fleet = await Fleet.make({ shardCount, timingsScale });
  const lines: Line[] = [];
  try {
    const runners = await Promise.all(
      Array.from({ length: options.runners }, async () => await fleet.startRunner()),
    );
    await fleet.untilShared(...runners);
    tell(`${runners.length} runners share ${shardCount} shards`);
    for (let n = 0; n < options.instances; n += 1) lines.push(await openLine(fleet, n, options));
    tell(`${lines.length} sessions are connected`);
    for (const { traffic } of lines) traffic.start();
    await flow(lines);
    for (const runner of runners.slice(0, options.replaced)) {
      await replace(fleet, runner, lines);
      tell('a runner is replaced');
    }
    await Promise.all(lines.map(({ traffic }) => traffic.stop()));
    return await readFigures(fleet, lines, tell);
  } finally {
    await fleet.remove();
    await Promise.all(lines.map(({ receiver }) => receiver.close()));
  }
}

async function openLine(fleet: Fleet, n: number, options: RollingOptions): Promise<Line> {
  const business = String(15_550_000_100 + 2 * n);
  const customer = String(15_550_000_101 + 2 * n);
  const receiver = await openWebhookReceiver();
  const ends = { phone: business, others: [customer], webhookUrl: receiver.url };
  const instance = await LinkedInstance.make(fleet, ends);
  const everyMs = (2 * 1_000 * options.instances) / options.messagesPerSecond;
  const traffic = new Traffic(fleet, { instance, receiver, business, customer, everyMs });
  return { instance, receiver, traffic };
}

async function flow(lines: readonly Line[]): Promise<void> {
  await Promise.all(lines.map(({ traffic }) => traffic.flows(3)));
}

async function replace(fleet: Fleet, runner: RunnerProcess, lines: readonly Line[]): Promise<void> {
  await fleet.startRunner();
  runner.signal('SIGTERM');
  const end = await runner.ended;
  if (end.code !== 0) throw new Error(`The runner ended with ${end.signal ?? end.code}.`);
  await until('all shards to be held', async () => {
    const owners = await fleet.owners();
    return !owners.includes(undefined) || undefined;
  });
  await Promise.all(lines.map(({ instance }) => instance.untilStatus('CONNECTED')));
  await flow(lines);
}

async function readFigures(
  fleet: Fleet,
  lines: readonly Line[],
  tell: (step: string) => void,
): Promise<RollingFigures> {
  const gapsMs: number[] = [];
  const moves: number[] = [];
  let [messages, disturbed, disordered, conflicts] = [0, 0, 0, 0];
  for (const { traffic, receiver } of lines) {
    const faults = [
      await faultOf(traffic.sent, async () => await traffic.shown()),
      await faultOf(traffic.written, async () => await traffic.told()),
    ];
    if (faults.some((fault) => fault !== undefined)) tell(`texts out, in: ${faults.join(', ')}`);
    disturbed += faults.includes('disturbed') ? 1 : 0;
    disordered += faults.includes('disordered') ? 1 : 0;
    messages += traffic.sent.length + traffic.written.length;
    const states = statesOf(receiver);
    conflicts += states.filter(({ data }) => data === 'CONFLICT').length;
    const gaps = gapsOf(states);
    moves.push(gaps.length);
    gapsMs.push(...gaps);
  }
  gapsMs.sort((one, other) => one - other);
  return {
    messages,
    disturbed,
    disordered,
    violations: await violations(fleet.simulator),
    conflicts,
    moves,
    gapsMs,
  };
}

type StateEvent = { readonly id: string; readonly data: string; readonly ts: number };

/** Every change of status that was told, once and in its order. */
function statesOf({ received }: WebhookReceiver): StateEvent[] {
  const events = received
    .map(({ body }) => JSON.parse(body))
    .filter(({ event }) => event === 'onStateChanged');
  const unique = new Map<string, StateEvent>(events.map((event) => [event.id, event]));
  return [...unique.values()].sort((one, other) => one.ts - other.ts);
}

function gapsOf(states: readonly StateEvent[]): number[] {
  const gaps: number[] = [];
  let closedMs: number | undefined;
  for (const { data, ts } of states) {
    if (data === 'DISCONNECTED') closedMs ??= ts;
    if (data !== 'CONNECTED' || closedMs === undefined) continue;
    gaps.push(ts - closedMs);
    closedMs = undefined;
  }
  return gaps;
}

/** What is wrong with what arrived of the texts; `undefined` when all came, once and in order. */
async function faultOf(
  texts: readonly string[],
  read: () => Promise<readonly string[]>,
): Promise<'disturbed' | 'disordered' | undefined> {
  const arrived = await withPatience(read).catch((): readonly string[] => []);
  if (arrived.length !== texts.length || !texts.every((text) => arrived.includes(text))) {
    return 'disturbed';
  }
  return arrived.every((text, n) => text === texts[n]) ? undefined : 'disordered';
}

async function withPatience<T>(read: () => Promise<T>): Promise<T> {
  for (let waits = 1; waits < WAITS_MAX; waits += 1) {
    try {
      return await read();
    } catch {
      // Not yet.
    }
  }
  return await read();
}

/** The value below which so much of the sorted figures lie. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
