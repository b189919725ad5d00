import * as z from 'zod';

/** What the environment says of where the journals are. */
const JournalEnv = z.object({
  DATA_DIR: z.string().min(1).default('.data'),
  AUTH_BUCKET: z.string().min(1).optional(),
  KMS_KEY_ID: z.string().min(1).optional(),
});
export type JournalEnv = z.infer<typeof JournalEnv>;

/** Throws with the name of every variable that is wrong. */
export function readJournalEnv(): JournalEnv {
  return JournalEnv.parse(process.env);
}
