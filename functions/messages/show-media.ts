import { mediaKeys } from '#shared/contracts/media-keys.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { found } from '../http/reply.ts';

const URL_VALID_MS = 3_600_000;
const ID = /^[\w-]{1,80}$/;

/** Leads to the file of a message that came in, as long as it is kept. */
export const showMedia = defineRoute({
  auth: 'instance',
  async run({ instance, request: { params } }, { media }: Pick<Deps, 'media'>) {
    const id = params['mediaId'] ?? '';
    const key = ID.test(id) ? mediaKeys.inbound(instance.instanceId, id) : undefined;
    const isThere = key !== undefined && (await media.stat(key)) !== undefined;
    if (!isThere) throw new DomainError('not_found', 'There is no such file, or not any more.');
    const { url } = await media.presignDownload(key, { expiresInMs: URL_VALID_MS });
    return found(url);
  },
});
