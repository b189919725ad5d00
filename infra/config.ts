import { z } from 'zod';

/** What `cdk deploy -c name=value` may say. */
const Config = z.object({
  /** How many queues the instances are spread over: about one for every 64 instances. */
  shardCount: z.coerce.number().int().min(1).max(2_000).default(4),
});
export type Config = z.infer<typeof Config>;

/** `tryGetContext` is the app's: `app.node.tryGetContext`. Throws with every fault at once. */
export function readConfig(tryGetContext: (name: string) => unknown): Config {
  return Config.parse({ shardCount: tryGetContext('shardCount') });
}
