import * as z from 'zod';
import { ObjectId, Ulid } from '../domain/identifier.ts';
import type { QueueSettings } from '../storage/queue.ts';

const INSTANCE = { accountId: ObjectId, instanceId: ObjectId } as const;

/**
 * What the control plane puts on a shard's queue. It says only where to look: the truth is in the table,
 * so a doorbell that is lost or comes twice does no harm.
 */
export const Doorbell = z.discriminatedUnion('kind', [
  /** There are messages to send. */
  z.strictObject({ kind: z.literal('outbox'), ...INSTANCE }),
  /** The record asks for something. */
  z.strictObject({ kind: z.literal('instance'), ...INSTANCE }),
  /** There are deliveries to make to this endpoint. */
  z.strictObject({ kind: z.literal('webhook'), endpointId: z.string(), ...INSTANCE }),
  /** The session is to do something at once. */
  z.strictObject({ kind: z.literal('command'), commandId: Ulid, ...INSTANCE }),
]);
export type Doorbell = z.infer<typeof Doorbell>;

/** The name of a shard's queue. */
function shardQueueName(shard: number): string {
  return `shard-${String(shard).padStart(4, '0')}`;
}

/** How every shard's queue is set up, on both homes. */
export function shardQueueSettings(shard: number): QueueSettings {
  return {
    name: shardQueueName(shard),
    kind: 'fifo',
    visibilityMs: DOORBELL_VISIBILITY_MS,
    receivesMax: DOORBELL_RECEIVES_MAX,
  };
}

/** It is acknowledged as soon as it is read: only a runner that died keeps it so long. */
const DOORBELL_VISIBILITY_MS = 5_000;
const DOORBELL_RECEIVES_MAX = 5;
