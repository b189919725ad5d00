import { z } from 'zod';

/** A variable that is `0` or `1`. */
export const Switch = z.enum(['0', '1']).transform((text) => text === '1');

/** The keys of shards have four digits. */
const SHARD_COUNT_MAX = 9_999;

/** How many shards there are: the control plane and the runner must be told the same. */
export const ShardCount = z.coerce.number().int().min(1).max(SHARD_COUNT_MAX).default(4);
