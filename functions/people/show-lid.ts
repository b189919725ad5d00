import { DomainError } from '#shared/domain/error.ts';
import { parseRecipient } from '#shared/domain/recipient.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { validationFailed } from '../http/validate.ts';

/** Which number is behind a LID, as far as the instance has learnt it. */
export const showLid = defineRoute({
  auth: 'instance',
  async run({ instance, request: { params } }, { lids }: Pick<Deps, 'lids'>) {
    const lid = readLid(params['lid'] ?? '');
    const phone = await lids.phoneOf(instance.instanceId, lid);
    if (phone === undefined) {
      throw new DomainError('not_found', 'The number behind this LID is not known.');
    }
    return ok('Number fetched successfully', {
      lid: `${lid}@lid`,
      phone,
      jid: `${phone}@s.whatsapp.net`,
      chatId: `${phone}@c.us`,
    });
  },
});

function readLid(text: string): string {
  const recipient = parseRecipient(text.includes('@') ? text : `${text}@lid`);
  if (recipient?.kind === 'lid') return recipient.lid;
  throw validationFailed([{ path: 'lid', message: 'must be a LID, with or without @lid' }]);
}
