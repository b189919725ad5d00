import * as z from 'zod';
import { toContactContent } from '#shared/domain/contact-content.ts';
import { DomainError } from '#shared/domain/error.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import { isMedia, type MediaContent, MediaKind } from '#shared/domain/message-content.ts';
import { toWireMessage } from '#shared/domain/wire-message.ts';
import type { Draft } from '#shared/messages/accept-messages.ts';
import type { Deps } from '../deps.ts';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { LocationFields } from './location-fields.ts';
import { ChatIdField, optional, TextField } from './message-fields.ts';
import { findAttachment, type MessageFile } from './message-file.ts';
import { toWhatsAppView } from './message-view.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

/** What a message may be made of: one of these must be there. */
const PARTS = ['message', 'attachments', 'location', 'contactId'] as const;
/** One call's messages are accepted together, and a transaction has room for no more. */
const ATTACHMENTS_MAX = 20;

const Body = z
  .object({
    chatId: ChatIdField,
    message: optional(TextField),
    attachments: optional(z.array(z.string()).max(ATTACHMENTS_MAX)),
    location: optional(LocationFields),
    contactId: optional(z.string()),
    ...CONTEXT_FIELDS,
    ...SEND_OPTIONS,
  })
  .refine((body) => PARTS.some((part) => body[part] !== undefined), {
    path: ['message'],
    message: 'is required, unless there are attachments, a location or a contact',
    // Beside other faults, too; but a part that is wrong is not one that is missing.
    when: ({ issues }) => !issues.some(({ path }) => PARTS.some((part) => part === path?.[0])),
  });
type Body = z.output<typeof Body>;

/** Sends a text, attachments, a place and a contact in one call, to be seen in this order. */
export const sendMessage = defineSend({
  operation: 'sendMessage',
  body: Body,
  answers: 'body',
  async draft({ instance, body }, deps) {
    const { chatId, message: text, location } = body;
    const context = await toContext(instance, body, deps);
    const contents: Draft['content'][] = [
      ...(text === undefined ? [] : [{ kind: 'text', text } as const]),
      ...(await toAttached(instance, body, deps)),
      ...(await toCard(instance, body, deps)),
      ...(location ? [{ kind: 'location', ...location } as const] : []),
    ];
    // What is answered is answered once, by what is seen first.
    return contents.map((content, index) => ({
      chatId,
      content: index === 0 ? { ...content, ...context } : content,
    }));
  },
  data: toPageData,
});

async function toAttached(
  instance: Instance,
  { attachments = [] }: Body,
  deps: Deps,
): Promise<MediaContent[]> {
  const files = attachments.map((attachmentId, index) =>
    findAttachment(instance, { attachmentId, path: `attachments.${index}` }, deps),
  );
  return (await Promise.all(files)).map(toMediaContent);
}

/** Shown as what it is, and as a document when apps show nothing of its type. */
function toMediaContent({ source, mimetype, fileName }: MessageFile): MediaContent {
  const named = MediaKind.safeParse(mimetype.split('/')[0]).data;
  const kind = SHOWN_TYPES.has(mimetype) && named ? named : 'document';
  return { kind, source, mimetype, ...(kind === 'document' && { fileName }) };
}

/** What every app shows or plays by itself. */
const SHOWN_TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'video/mp4',
  'video/3gpp',
  'audio/mpeg',
  'audio/ogg',
  'audio/mp4',
  'audio/aac',
  'audio/amr',
]);

async function toCard(instance: Instance, { contactId }: Body, deps: Deps) {
  if (contactId === undefined) return [];
  const { accountId } = instance;
  const id = ObjectId.safeParse(contactId);
  const contact = id.success && (await deps.contacts.get({ accountId, contactId: id.data }));
  if (contact) return [toContactContent(contact)];
  throw new DomainError('not_found', 'There is no such contact.', {
    details: [{ path: 'contactId', message: "names none of the account's contacts" }],
  });
}

/** The customer's page has each part under its name; a part that was not sent is empty. */
function toPageData(messages: readonly Message[], { attachments = [] }: Body) {
  const find = (kind: string) => messages.find(({ content }) => content.kind === kind);
  const [text, contact, location] = [find('text'), find('contact'), find('location')];
  const image = messages.find(({ content }) => isMedia(content) && content.kind === 'image');
  return {
    message: text ? toWhatsAppView(text) : {},
    attachment: attachments,
    contact: contact ? toWireMessage(contact.content) : {},
    image: image ? toWireMessage(image.content, image.upload) : {},
    buttons: {},
    location: location ? toWireMessage(location.content) : {},
    ids: messages.map(({ messageId }) => messageId),
  };
}
