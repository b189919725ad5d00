import * as z from 'zod';

/** What the environment says of where the accounts are. */
const AccountEnv = z.object({
  DATA_DIR: z.string().min(1).default('.data'),
  TABLE_NAME: z.string().min(1).optional(),
});
export type AccountEnv = z.infer<typeof AccountEnv>;

/** Throws with the name of every variable that is wrong. */
export function readAccountEnv(): AccountEnv {
  return AccountEnv.parse(process.env);
}
