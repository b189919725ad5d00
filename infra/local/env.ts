import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import {
  MessagesPerMinute,
  MetricsTarget,
  OnOff,
  ShardCount,
  Switch,
} from '#shared/contracts/environment.ts';
import { MEDIA_DAYS_DEFAULT, MEDIA_DAYS_MAX } from '#shared/contracts/media-keys.ts';
import { TimingsScale } from '#shared/contracts/placement-timings.ts';

/** Each takes a process of 150 MB and more. */
const RUNNERS_MAX = 16;

const PORT = z.coerce.number().int().min(0).max(65_535);

/** The switches of `npm start`, as the README lists them. */
const LocalEnv = z.object({
  PORT: PORT.default(3000),
  SIMULATOR_PORT: PORT.default(3001),
  DATA_DIR: z.string().min(1).default('.data'),
  /** Without it: allowed in the sandbox, refused in live use. */
  ALLOW_PRIVATE_URLS: Switch.optional(),
  /** Without it: off in the sandbox, on in live use. */
  PACE: OnOff.optional(),
  /** Without it: no limit in the sandbox, the usual one in live use. */
  MESSAGES_PER_MINUTE: MessagesPerMinute.optional(),
  OPEN_REGISTRATION: Switch.default(true),
  /** How many runner processes share the data folder. */
  RUNNERS: z.coerce.number().int().min(1).max(RUNNERS_MAX).default(1),
  SHARD_COUNT: ShardCount,
  /** Makes runners notice each other sooner, for tests; in the sandbox alone. */
  TIMINGS_SCALE: TimingsScale,
  /** How long the files of messages are kept. */
  MEDIA_DAYS: z.coerce.number().int().min(1).max(MEDIA_DAYS_MAX).default(MEDIA_DAYS_DEFAULT),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  METRICS: MetricsTarget.default('none'),
});
export type LocalEnv = z.infer<typeof LocalEnv>;

/** Throws with the name of every variable that is wrong. */
export function readLocalEnv(): LocalEnv {
  return LocalEnv.parse(process.env);
}

/** Node keeps what it has compiled of the packages here: the next process starts in half the time, and is smaller. */
const COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url));

/** What a child of the process tree is given on top of the parent's own environment. */
export function childEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, ...extra };
}

/** Whether npm started this process, so that npm's end is to be ours too. */
export function isRunByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined;
}
