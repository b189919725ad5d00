import { z } from 'zod';

const SWITCH = z.enum(['0', '1']).transform((text) => text === '1');
const PORT = z.coerce.number().int().min(0).max(65_535);

/** The switches of `npm start`, as the README lists them. */
const LocalEnv = z.object({
  PORT: PORT.default(3000),
  SIMULATOR_PORT: PORT.default(3001),
  DATA_DIR: z.string().min(1).default('.data'),
  /** Without it: allowed in the sandbox, refused in live use. */
  ALLOW_PRIVATE_URLS: SWITCH.optional(),
  OPEN_REGISTRATION: SWITCH.default(true),
  SHARD_COUNT: z.coerce.number().int().min(1).max(9_999).default(4),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
});
export type LocalEnv = z.infer<typeof LocalEnv>;

/** Throws with the name of every variable that is wrong. */
export function readLocalEnv(): LocalEnv {
  return LocalEnv.parse(process.env);
}

/** What a child of the process tree is given on top of the parent's own environment. */
export function childEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}

/** Whether npm started this process, so that npm's end is to be ours too. */
export function isRunByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined;
}
