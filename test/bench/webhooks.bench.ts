import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Instance } from '#shared/domain/instance.ts';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import { type Manner, WebhookReceivers } from './webhook-receivers.ts';
import { WebhookWorld } from './webhook-world.ts';

const ENDPOINTS = 100;
const BAD: readonly Manner[] = ['hangs', 'resets', 'fails'];
const BAD_OF_EACH = 5;
/** Of each side. */
const ROUNDS = 60;
const BETWEEN_EVENTS_MS = 8;
const SETTLE_MS = 100;
/** How much slower the good ones may get. */
const RATIO_MAX = 1.1;

type Side = 'calm' | 'troubled';
type Told = { readonly side: Side; readonly startMs: number };

const Posted = z.object({ data: z.object({ token: z.number() }) });
const print = (line: string) => process.stdout.write(`${line}\n`);

/** By the tokens of events. Those of the first rounds, when connections are made, are not counted. */
const told = new Map<number, Told>();
const latencies: Record<Side, number[]> = { calm: [], troubled: [] };
const dataDir = await mkdtemp(join(tmpdir(), 'webhooks-bench-'));
const storage = await openEmbeddedStorage({ dataDir, now: () => new Date() });
const receivers = new WebhookReceivers((body, atMs) => {
  const { token } = Posted.parse(JSON.parse(body)).data;
  const event = told.get(token);
  if (event) latencies[event.side].push(atMs - event.startMs);
  told.delete(token);
});
await receivers.open();
const worlds = {
  calm: new WebhookWorld(storage.table),
  troubled: new WebhookWorld(storage.table),
};
const instances: Record<Side, Instance[]> = { calm: [], troubled: [] };
for (let n = 0; n < ENDPOINTS; n += 1) {
  const bad = BAD[Math.floor(n / BAD_OF_EACH)] ?? 'answers';
  const [calm, troubled] = [receivers.urlOf('answers', n), receivers.urlOf(bad, ENDPOINTS + n)];
  instances.calm.push(await worlds.calm.add(n + 1, calm));
  instances.troubled.push(await worlds.troubled.add(ENDPOINTS + n + 1, troubled));
}
let tokens = 0;

/** One event for each endpoint, one after the other; those of the good ones are measured. */
async function round(side: Side, isCounted: boolean): Promise<void> {
  for (const [n, instance] of instances[side].entries()) {
    tokens += 1;
    const isGood = n >= BAD.length * BAD_OF_EACH;
    if (isGood && isCounted) told.set(tokens, { side, startMs: performance.now() });
    void worlds[side].tell(instance, { token: tokens });
    await delay(BETWEEN_EVENTS_MS);
  }
  await delay(SETTLE_MS);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

for (const side of ['calm', 'troubled', 'calm', 'troubled'] as const) await round(side, false);
for (let n = 0; n < ROUNDS; n += 1) {
  const order: Side[] = n % 2 === 0 ? ['calm', 'troubled'] : ['troubled', 'calm'];
  for (const side of order) await round(side, true);
}
await delay(1_000);

let isGood = told.size === 0;
print(`${latencies.calm.length} posts on each side, ${told.size} did not arrive.`);
for (const [name, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  const [calm, troubled] = [quantile(latencies.calm, share), quantile(latencies.troubled, share)];
  const ratio = troubled / calm;
  isGood &&= ratio <= RATIO_MAX;
  print(
    `${name}: ${calm.toFixed(2)} ms with all ${ENDPOINTS} healthy, ${troubled.toFixed(2)} ms with 15 in trouble: ${ratio.toFixed(3)}, budget ${RATIO_MAX}`,
  );
}
await Promise.all([worlds.calm.close(), receivers.close(), worlds.troubled.close()]);
await storage.close();
await rm(dataDir, { recursive: true });
process.exit(isGood ? 0 : 1);
