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

/** The query of such a call has nothing but credentials: a misspelt one would do the same harm there. */
export const SettingsQuery = z.record(z.string(), z.string()).check(({ value, issues }) => {
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(CREDENTIAL_FIELDS, name)) continue;
    const message = 'is not known here: settings stand in the body';
    issues.push({ code: 'custom', input: value, path: ['query', name], message });
  }
});

function changesSomething(body: object): boolean {
  return Object.keys(body).some((name) => !Object.hasOwn(CREDENTIAL_FIELDS, name));
}
