import * as z from 'zod';

/**
 * What may stand beside the settings in a body; `readCredentials` looks at them. Any other field is refused: a
 * misspelt `session_id` would change all the instances of the account.
 */
const CREDENTIAL_FIELDS = {
  session_id: z.unknown().optional(),
  access_token: z.unknown().optional(),
} as const;

/** A switch that may be left as it is. */
export const Switch = z.boolean().exactOptional();

/** The body of a call that changes settings: credentials, and at least one of these. */
export function settingsBody<Shape extends z.ZodRawShape>(settings: Shape) {
  const [first = '', ...others] = Object.keys(settings);
  return z.strictObject({ ...CREDENTIAL_FIELDS, ...settings }).refine(changesSomething, {
    path: [first],
    message: `is required, or another setting: ${others.join(', ')}`,
    // Where a field is not known or wrong, that is the fault.
    when: ({ issues }) => issues.length === 0,
  });
}

function changesSomething(body: object): boolean {
  return Object.keys(body).some((name) => !Object.hasOwn(CREDENTIAL_FIELDS, name));
}
