import * as z from 'zod';
import { MEDIA_DAYS_DEFAULT, MEDIA_DAYS_MAX } from '#shared/contracts/media-keys.ts';

/** The shards' queues are named with four digits, and stand in blocks of 300 in a stack each. */
const SHARD_COUNT_MAX = 2_000;
/** SNS, S3 and the rest allow 63 characters and more; this leaves room for what is put after it. */
const PREFIX = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const PREFIX_LENGTH_MAX = 30;

/** What is given with `-c name=value` is text; what stands in cdk.json may have its type. */
const int = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const flag = z.preprocess((value) => FLAGS.get(value) ?? value, z.boolean());
const FLAGS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? splitList(value) : value), z.array(item));

/** An origin as browsers send it, without a path. */
const Origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).origin === text, 'must be an origin, like https://example.com');

/** CloudWatch keeps logs for one of these numbers of days. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

/** Fargate: the memory sizes, in MiB, that go with so many CPU units. */
const FARGATE_SIZES: Readonly<Record<number, { readonly min: number; readonly max: number }>> = {
  256: { min: 512, max: 2_048 },
  512: { min: 1_024, max: 4_096 },
  1024: { min: 2_048, max: 8_192 },
  2048: { min: 4_096, max: 16_384 },
  4096: { min: 8_192, max: 30_720 },
};
const FARGATE_MEMORY_STEP_MIB = 1_024;

const Fields = z.strictObject({
  /** Begins every name that must be known beforehand: of stacks, queues and log groups. */
  prefix: z.string().regex(PREFIX).max(PREFIX_LENGTH_MAX).default('whatsapp-bots'),
  /**
   * How many queues the instances are spread over: about one for every 64 instances. It may grow, and never
   * shrink: instances stay in the shard in which they were created.
   */
  shardCount: int(1, SHARD_COUNT_MAX).default(4),

  runnerCpu: z.coerce.number().default(256),
  runnerMemoryMib: z.coerce.number().default(512),
  runnersMin: int(1, 1_000).default(1),
  /** More than `runnersMin` makes the number of runners follow the sessions. */
  runnersMax: int(1, 1_000).default(1),
  /** How many sessions a runner is to hold on average, when their number follows the sessions. */
  sessionsPerRunner: int(1, 10_000).default(50),
  /** Where runners stand: `public` has no way in and costs an address each, `private` costs a NAT gateway. */
  network: z.enum(['public', 'private']).default('public'),
  /** ECS's own metrics of every task, which CloudWatch bills one by one. */
  containerInsights: flag.default(false),

  /** The pages that may call the API from a browser. */
  corsOrigins: list(Origin).default([]),
  domainName: z.hostname().optional(),
  /** Of AWS Certificate Manager, in the region of the stack. */
  certificateArn: z.string().startsWith('arn:').optional(),
  /** Where the domain's record is made. Without it, that is up to who deploys. */
  hostedZoneId: z.string().min(1).optional(),
  hostedZoneName: z.hostname().optional(),
  /** Whether anybody may register an account. */
  openRegistration: flag.default(false),
  /** Calls a second over all callers, and how many may come at once. */
  throttleRate: int(1, 10_000).default(100),
  throttleBurst: int(1, 5_000).default(200),

  logLevel: z.enum(['error', 'warn', 'info', 'debug', 'trace']).default('info'),
  logRetentionDays: z.coerce.number().pipe(z.literal(LOG_RETENTION_DAYS)).default(30),
  /** How long the files of messages are kept. */
  mediaDays: int(1, MEDIA_DAYS_MAX).default(MEDIA_DAYS_DEFAULT),
  /** Gets a message for every alarm, once it has confirmed the subscription. */
  alarmEmail: z.email().optional(),
});

type Field = keyof z.infer<typeof Fields>;

/** A rule about several fields is asked, whatever else is wrong, unless one of these is wrong by itself. */
function rule(error: string, [path, ...others]: readonly [Field, ...Field[]]) {
  const fields: readonly unknown[] = [path, ...others];
  const when = ({ issues }: z.core.ParsePayload) =>
    !issues.some((issue) => fields.includes(issue.path?.[0]));
  return { error, path: [path], when };
}

/** What `cdk deploy -c name=value`, or `context` in cdk.json, may say. */
const Config = Fields.refine(
  ({ runnerCpu, runnerMemoryMib }) => isFargateSize(runnerCpu, runnerMemoryMib),
  rule('Fargate has no such size', ['runnerMemoryMib', 'runnerCpu']),
)
  .refine(
    ({ runnersMin, runnersMax }) => runnersMin <= runnersMax,
    rule('must not be less than runnersMin', ['runnersMax', 'runnersMin']),
  )
  .refine(
    ({ domainName, certificateArn }) => isDefined(domainName) === isDefined(certificateArn),
    rule('domainName and certificateArn go together', ['domainName', 'certificateArn']),
  )
  .refine(
    ({ hostedZoneId, hostedZoneName }) => isDefined(hostedZoneId) === isDefined(hostedZoneName),
    rule('hostedZoneId and hostedZoneName go together', ['hostedZoneId', 'hostedZoneName']),
  )
  .refine(
    ({ hostedZoneId, domainName }) => !isDefined(hostedZoneId) || isDefined(domainName),
    rule('is of use only with a domainName', ['hostedZoneId', 'domainName']),
  );
export type Config = z.infer<typeof Config>;

/**
 * `context` is everything that the app was told, `app.node.getAllContext()`. What has the form of our names must be
 * one of them, so that nobody deploys with a misspelt wish. Throws with every fault at once.
 */
export function readConfig(context: Readonly<Record<string, unknown>>): Config {
  const ours = Object.fromEntries(Object.entries(context).filter(([name]) => isOurs(name)));
  const { data, error } = Config.safeParse(ours);
  if (error) throw new Error(`The configuration has faults.\n${z.prettifyError(error)}`);
  return data;
}

/** CDK's own names have a colon, a slash or a hyphen: `aws:cdk:…`, `@aws-cdk/…`, `acknowledged-issue-numbers`. */
function isOurs(name: string): boolean {
  return /^[A-Za-z0-9_]+$/.test(name);
}

function isFargateSize(cpu: number, memoryMib: number): boolean {
  const size = FARGATE_SIZES[cpu];
  if (!size || memoryMib < size.min || memoryMib > size.max) return false;
  return memoryMib === 512 || memoryMib % FARGATE_MEMORY_STEP_MIB === 0;
}

function isDefined(value: unknown): boolean {
  return value !== undefined;
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
