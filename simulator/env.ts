import * as z from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const Environment = z.object({
  SIMULATOR_HOST: z.string().min(1).default('127.0.0.1'),
  SIMULATOR_PORT: port.default(3001),
  SIMULATOR_WS_PORT: port.default(3002),
  SIMULATOR_MEDIA_PORT: port.default(3003),
  DATA_DIR: z.string().min(1).default('.data'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type Environment = z.infer<typeof Environment>;

/** The switches of `npm run simulator`; throws when one has no meaning. */
export function readEnvironment(): Environment {
  return Environment.parse(process.env);
}
