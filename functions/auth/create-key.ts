import * as z from 'zod';
import { type ApiKey, DisplayName } from '#shared/domain/account.ts';
import { formatCredential } from '#shared/domain/credential.ts';
import { toObjectId } from '#shared/domain/identifier.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { created } from '../http/reply.ts';
import { requireLoginOf } from './require-login-of.ts';
import { hashSecret, newSecret } from './secret.ts';
import { toKeyView } from './to-key-view.ts';

type Needs = Pick<Deps, 'accounts' | 'now' | 'randomBytes'>;

/** A new API key. Its text is in this answer and nowhere else. */
export const createKey = defineRoute({
  auth: 'account',
  body: z.object({ name: DisplayName.min(1) }),
  async run({ principal, body: { name } }, { accounts, now, randomBytes }: Needs) {
    const { accountId } = requireLoginOf(principal);
    const createdAt = now();
    const secret = newSecret(randomBytes);
    const apiKey: ApiKey = {
      accountId,
      keyId: toObjectId(createdAt.getTime() / 1000, randomBytes(8)),
      name,
      secretHash: hashSecret(secret),
      createdAt: createdAt.toISOString(),
    };
    await accounts.addKey(apiKey);
    const key = formatCredential({ kind: 'api_key', accountId, id: apiKey.keyId, secret });
    return created('API key created successfully!', { ...toKeyView(apiKey), key });
  },
});
