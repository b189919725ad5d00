import type { BotReply } from '#shared/bot/keyword-rule.ts';
import type { ContactCard } from '#shared/domain/contact.ts';
import { DomainError } from '#shared/domain/error.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { renderList } from '#shared/domain/render-menu.ts';
import type { Deps } from '../deps.ts';
import { validationFailed } from '../http/validate.ts';
import { findAttachment } from '../messages/message-file.ts';
import { requireWebhookUrl } from '../webhooks/require-webhook-url.ts';
import { REPLY_TEXT_LENGTH_MAX, type ReplyFields } from './reply-fields.ts';

export type ReplyNeeds = Pick<Deps, 'attachments' | 'config' | 'contacts' | 'media' | 'now'>;
type MediaFields = Extract<ReplyFields, { type: 'media' }>;

/** What the rule is to answer, with what it names looked up. Throws what is wrong with it, with the field's path. */
export async function toBotReply(
  instance: Instance,
  reply: ReplyFields,
  deps: ReplyNeeds,
): Promise<BotReply> {
  switch (reply.type) {
    case 'text':
      return { type: 'text', text: reply.message ?? reply.text ?? '' };
    case 'media':
      return await toMediaReply(instance, reply, deps);
    case 'list':
      return { type: 'list', menu: requireShort(reply.msgdata) };
    case 'contact': {
      const { vcard, contactId = '' } = reply;
      return { type: 'contact', card: vcard ?? (await findCard(instance, contactId, deps)) };
    }
  }
}

async function toMediaReply(
  instance: Instance,
  fields: MediaFields,
  deps: ReplyNeeds,
): Promise<BotReply> {
  const { media_type: kind, attachmentId, caption } = fields;
  const isSilent = kind === 'audio' || kind === 'sticker';
  const common = { type: 'media', kind, ...(caption && !isSilent && { caption }) } as const;
  if (attachmentId === undefined) {
    const url = requireWebhookUrl(fields.url ?? '', { path: 'reply.url' }, deps);
    const { filename: fileName, mimetype } = fields;
    return {
      ...common,
      source: { kind: 'url', url },
      ...(mimetype && { mimetype }),
      ...(fileName && { fileName }),
    };
  }
  const named = { attachmentId, path: 'reply.attachmentId' };
  const { source, mimetype, fileName } = await findAttachment(instance, named, deps);
  return {
    ...common,
    source,
    attachmentId,
    mimetype: fields.mimetype ?? mimetype,
    ...(kind === 'document' && { fileName: fields.filename || fileName }),
  };
}

/** A menu goes out as text, of which its parts are. */
function requireShort(menu: Extract<ReplyFields, { type: 'list' }>['msgdata']) {
  if (renderList(menu).text.length <= REPLY_TEXT_LENGTH_MAX) {
    return { ...menu, sections: [...menu.sections] };
  }
  const message = `must make a text of at most ${REPLY_TEXT_LENGTH_MAX} characters`;
  throw validationFailed([{ path: 'reply.msgdata', message }]);
}

async function findCard(
  { accountId }: Instance,
  contactId: string,
  { contacts }: ReplyNeeds,
): Promise<ContactCard> {
  const isId = ObjectId.safeParse(contactId).success;
  const contact = isId ? await contacts.get({ accountId, contactId }) : undefined;
  if (contact === undefined) {
    throw new DomainError('not_found', 'There is no such contact.', {
      details: [{ path: 'reply.contactId', message: 'names no contact of this account' }],
    });
  }
  const { fullName, displayName, organization, phoneNumber } = contact;
  return { fullName, displayName, ...(organization && { organization }), phoneNumber };
}
