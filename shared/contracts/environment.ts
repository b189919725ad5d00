import * as z from 'zod';

/** A variable that is `0` or `1`. */
export const Switch = z.enum(['0', '1']).transform((text) => text === '1');

/** A variable that is `on` or `off`. */
export const OnOff = z.enum(['on', 'off']).transform((text) => text === 'on');

/** Where figures go: `emf` writes them to stdout, where CloudWatch finds them; `none` forgets them. */
export const MetricsTarget = z.enum(['emf', 'none']);

/** The keys of shards have four digits. */
const SHARD_COUNT_MAX = 9_999;

/** The least severe lines that are logged. */
export const LogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

/** How many shards there are: the control plane and the runner must be told the same. */
export const ShardCount = z.coerce.number().int().min(1).max(SHARD_COUNT_MAX).default(4);

/** Far beyond what any deployment sends. */
const MESSAGES_PER_MINUTE_MAX = 1_000_000;
/** What one account may have accepted where nothing else is said. */
export const MESSAGES_PER_MINUTE_DEFAULT = 3_000;

/** How many messages of one account are accepted in a minute; 0 is no limit. */
export const MessagesPerMinute = z.coerce.number().int().min(0).max(MESSAGES_PER_MINUTE_MAX);

/** Where the AWS home is: what the infrastructure tells each of its processes. */
export const AwsHome = z.object({
  TABLE_NAME: z.string().min(1),
  /** The URL of a queue up to its name: `https://sqs.eu-west-1.amazonaws.com/123456789012/whatsapp-bots-`. */
  QUEUE_URL_BASE: z.url(),
  MEDIA_BUCKET: z.string().min(1),
});
export type AwsHome = z.infer<typeof AwsHome>;

/** What a runner is told besides. */
export const AwsRunnerHome = AwsHome.extend({
  AUTH_BUCKET: z.string().min(1),
  /** The key of KMS that wraps the keys of the auth state. */
  KMS_KEY_ID: z.string().min(1),
});
export type AwsRunnerHome = z.infer<typeof AwsRunnerHome>;
