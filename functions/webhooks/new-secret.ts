import type { Deps } from '../deps.ts';

/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** Standard Webhooks' form: `whsec_` and base64. */
export function newSecret({ randomBytes }: Pick<Deps, 'randomBytes'>): string {
  return `whsec_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`;
}
