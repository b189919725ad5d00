/**
 * Two different shards by two numbers in [0, 1) that the caller draws (the same one twice when there is only
 * one). The less loaded of two random choices keeps shards nearly even without a look at all of them.
 */
export function shardCandidates(
  shardCount: number,
  [first, second]: readonly [number, number],
): readonly [number, number] {
  const one = Math.floor(first * shardCount);
  if (shardCount < 2) return [one, one];
  const step = 1 + Math.floor(second * (shardCount - 1));
  return [one, (one + step) % shardCount];
}

export type ShardLoad = { readonly shard: number; readonly instances: number };

/** The less loaded; the first when they are even. */
export function lessLoaded(first: ShardLoad, second: ShardLoad): number {
  return second.instances < first.instances ? second.shard : first.shard;
}
