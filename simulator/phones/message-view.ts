import { SERVER_JID } from '#simulator/addresses.ts';
import { type Message, PROTOCOL_TYPE } from '#simulator/proto/messages.ts';
import type { ContactView, MessageView } from '#simulator/store/message-view.ts';

import { viewOfChoice } from './choice-view.ts';
import { viewOfMedia } from './media-view.ts';
import { contextInfoOf, unwrap } from './unwrap-message.ts';

type Viewer = (message: Message) => MessageView | undefined;

/** What a phone shows of a message; undefined when it is only talk between devices. */
export function viewOf(message: Message): MessageView | undefined {
  const inner = unwrap(message);
  for (const viewer of VIEWERS) {
    const view = viewer(inner);
    if (view) return { ...contextViewOf(inner), ...view };
  }
  const isForDevices = inner.protocolMessage || inner.senderKeyDistributionMessage;
  return isForDevices ? undefined : { type: 'unknown', text: '' };
}

const VIEWERS: readonly Viewer[] = [
  (m) => textView('text', m.conversation || m.extendedTextMessage?.text),
  viewOfMedia,
  viewOfProtocol,
  viewOfReaction,
  viewOfLocation,
  viewOfContact,
  viewOfPoll,
  viewOfChoice,
  viewOfReply,
];

function textView(type: string, text: string | undefined): MessageView | undefined {
  return text ? { type, text } : undefined;
}

function viewOfProtocol({ protocolMessage }: Message): MessageView | undefined {
  if (!protocolMessage) return undefined;
  const quotedId = protocolMessage.key?.id;
  // proto2 leaves the default out: a revoke has no type on the wire.
  switch (protocolMessage.type ?? PROTOCOL_TYPE.revoke) {
    case PROTOCOL_TYPE.revoke:
      return quotedId ? { type: 'revoke', text: '', quotedId } : undefined;
    case PROTOCOL_TYPE.messageEdit: {
      const edited = protocolMessage.editedMessage && viewOf(protocolMessage.editedMessage);
      return { type: 'edit', text: edited?.text ?? '', quotedId };
    }
    default:
      return undefined;
  }
}

function viewOfReaction({ reactionMessage: reaction }: Message): MessageView | undefined {
  return reaction && { type: 'reaction', text: reaction.text ?? '', quotedId: reaction.key?.id };
}

function viewOfLocation({ locationMessage: place }: Message): MessageView | undefined {
  if (!place) return undefined;
  const { degreesLatitude: latitude = 0, degreesLongitude: longitude = 0 } = place;
  const name = place.name || undefined;
  return {
    type: 'location',
    text: `${latitude},${longitude}`,
    caption: name,
    location: { latitude, longitude, name, address: place.address || undefined },
  };
}

function viewOfContact(message: Message): MessageView | undefined {
  const { contactMessage: one, contactsArrayMessage: several } = message;
  if (one) {
    const contact = toContact(one);
    return { type: 'contact', text: contact.displayName, contact };
  }
  if (!several) return undefined;
  const contacts = (several.contacts ?? []).map(toContact);
  const names = contacts.map(({ displayName }) => displayName).join(', ');
  return { type: 'contacts', text: several.displayName || names, contacts };
}

function toContact({
  displayName = '',
  vcard = '',
}: NonNullable<Message['contactMessage']>): ContactView {
  return { displayName, vcard };
}

function viewOfPoll(message: Message): MessageView | undefined {
  if (message.pollUpdateMessage) {
    const quotedId = message.pollUpdateMessage.pollCreationMessageKey?.id;
    return { type: 'poll_vote', text: '', quotedId };
  }
  const poll =
    message.pollCreationMessage ?? message.pollCreationMessageV2 ?? message.pollCreationMessageV3;
  if (!poll) return undefined;
  const name = poll.name ?? '';
  const options = (poll.options ?? []).map((option) => option.optionName ?? '');
  return {
    type: 'poll',
    text: [name, ...options].join('\n'),
    poll: { name, options, selectable: poll.selectableOptionsCount ?? 0 },
  };
}

/** What a person has chosen; the text is the id of it. */
function viewOfReply(m: Message): MessageView | undefined {
  if (m.listResponseMessage) {
    const { selectedRowId = '' } = m.listResponseMessage.singleSelectReply ?? {};
    return { type: 'list_response', text: selectedRowId };
  }
  if (m.buttonsResponseMessage) {
    return { type: 'buttons_response', text: m.buttonsResponseMessage.selectedButtonId ?? '' };
  }
  if (m.templateButtonReplyMessage) {
    return { type: 'template_response', text: m.templateButtonReplyMessage.selectedId ?? '' };
  }
  if (m.interactiveResponseMessage) {
    const { paramsJson = '' } = m.interactiveResponseMessage.nativeFlowResponseMessage ?? {};
    return { type: 'interactive_response', text: paramsJson };
  }
  return undefined;
}

function contextViewOf(message: Message): Partial<MessageView> {
  const context = contextInfoOf(message);
  if (!context) return {};
  const mentions = (context.mentionedJid ?? []).map(toPerson);
  return {
    quotedId: context.stanzaId || undefined,
    quotedText: (context.quotedMessage && viewOf(context.quotedMessage)?.text) || undefined,
    mentions: mentions.length > 0 ? mentions : undefined,
    forwarded: context.isForwarded || undefined,
  };
}

/** As people write a number; a LID stays one. */
function toPerson(jid: string): string {
  return jid.endsWith(`@${SERVER_JID}`) ? jid.replace(SERVER_JID, 'c.us') : jid;
}
