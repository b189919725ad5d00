import { normalizeMessageContent, type proto } from '@whiskeysockets/baileys';
import * as z from 'zod';
import { toChatId } from '#shared/domain/recipient.ts';
import type { InboundContent, MessageKind, QuotedMessage } from '../inbound/inbound-message.ts';
import { fromJid } from './jid.ts';
import { readFilePart } from './read-file-part.ts';

type Wire = proto.IMessage;
type Part = { readonly contextInfo?: proto.IContextInfo | null };

/** `undefined` for what is no message to a person: key distribution, protocol notes, reactions, polls' votes. */
export function readContent(message: Wire | null | undefined): InboundContent | undefined {
  const wire = normalizeMessageContent(message ?? undefined);
  if (!wire) return undefined;
  return (
    readText(wire) ??
    readMedia(wire) ??
    readPlaceOrPerson(wire) ??
    readChoice(wire) ??
    readPollOrOrder(wire) ??
    readRest(wire)
  );
}

function content(
  kind: MessageKind,
  part: Part | null | undefined,
  details: Partial<Omit<InboundContent, 'kind' | 'quoted' | 'mentioned'>>,
): InboundContent {
  const context = part?.contextInfo;
  const quoted = readQuoted(context);
  return {
    kind,
    text: '',
    ...details,
    ...(quoted && { quoted }),
    mentioned: (context?.mentionedJid ?? []).map(toShownJid),
  };
}

function readQuoted(context: proto.IContextInfo | null | undefined): QuotedMessage | undefined {
  if (!context?.stanzaId) return undefined;
  return { waId: context.stanzaId, body: readContent(context.quotedMessage)?.text ?? '' };
}

function toShownJid(jid: string): string {
  const recipient = fromJid(jid);
  return recipient ? toChatId(recipient) : jid;
}

function readText(wire: Wire): InboundContent | undefined {
  if (wire.conversation) return content('chat', undefined, { text: wire.conversation });
  const { extendedTextMessage: text } = wire;
  return text ? content('chat', text, { text: text.text ?? '' }) : undefined;
}

function readMedia(wire: Wire): InboundContent | undefined {
  const audioKind = wire.audioMessage?.ptt ? 'ptt' : 'audio';
  const media = [
    ['image', 'image', wire.imageMessage],
    ['video', 'video', wire.videoMessage ?? wire.ptvMessage],
    [audioKind, 'audio', wire.audioMessage],
    ['document', 'document', wire.documentMessage],
    ['sticker', 'sticker', wire.stickerMessage],
  ] as const;
  for (const [shownKind, kind, part] of media) {
    if (part) return content(shownKind, part, readFilePart(kind, part));
  }
  return undefined;
}

function readPlaceOrPerson(wire: Wire): InboundContent | undefined {
  const place = wire.locationMessage ?? wire.liveLocationMessage;
  if (place) {
    return content('location', place, {
      text: ('name' in place ? place.name : undefined) ?? '',
      latitude: place.degreesLatitude ?? 0,
      longitude: place.degreesLongitude ?? 0,
    });
  }
  const { contactMessage: person, contactsArrayMessage: people } = wire;
  if (person) return content('vcard', person, { text: person.vcard ?? '' });
  return people ? content('multi_vcard', people, { text: people.displayName ?? '' }) : undefined;
}

function readChoice(wire: Wire): InboundContent | undefined {
  const { listResponseMessage: list, buttonsResponseMessage: button } = wire;
  const { templateButtonReplyMessage: template, interactiveResponseMessage: flow } = wire;
  if (list) {
    const selectedId = list.singleSelectReply?.selectedRowId;
    return content('list_response', list, chosen(list.title, selectedId));
  }
  if (button) {
    const { selectedDisplayText, selectedButtonId } = button;
    return content('buttons_response', button, chosen(selectedDisplayText, selectedButtonId));
  }
  if (template) {
    const { selectedDisplayText, selectedId } = template;
    return content('buttons_response', template, chosen(selectedDisplayText, selectedId));
  }
  if (!flow) return undefined;
  const selectedId = readFlowId(flow.nativeFlowResponseMessage?.paramsJson);
  return content('buttons_response', flow, chosen(flow.body?.text, selectedId));
}

function chosen(text: string | null | undefined, selectedId: string | null | undefined) {
  return { text: text ?? '', ...(selectedId && { selectedId }) };
}

const FlowParams = z.object({ id: z.string() });

/** A native flow answers with JSON of its own. */
function readFlowId(paramsJson: string | null | undefined): string | undefined {
  try {
    return FlowParams.safeParse(JSON.parse(paramsJson ?? '')).data?.id;
  } catch {
    return undefined;
  }
}

function readPollOrOrder(wire: Wire): InboundContent | undefined {
  const poll = wire.pollCreationMessage ?? wire.pollCreationMessageV2 ?? wire.pollCreationMessageV3;
  if (poll) return content('poll_creation', poll, { text: poll.name ?? '' });
  const { orderMessage: order } = wire;
  if (!order?.orderId) return undefined;
  return content('order', order, {
    text: order.message ?? '',
    order: {
      id: order.orderId,
      ...(order.orderTitle && { title: order.orderTitle }),
      ...(order.itemCount && { itemCount: order.itemCount }),
      ...(order.totalAmount1000 && { total1000: Number(order.totalAmount1000) }),
      ...(order.totalCurrencyCode && { currency: order.totalCurrencyCode }),
    },
  });
}

/** What the protocol says beside messages. */
const NOT_FOR_PEOPLE: ReadonlySet<string> = new Set([
  'protocolMessage',
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'messageContextInfo',
  'reactionMessage',
  'encReactionMessage',
  'pollUpdateMessage',
  'keepInChatMessage',
  'pinInChatMessage',
]);

function readRest(wire: Wire): InboundContent | undefined {
  const kinds = Object.entries(wire).filter(([, part]) => part !== null && part !== undefined);
  const isForPeople = kinds.some(([kind]) => !NOT_FOR_PEOPLE.has(kind));
  return isForPeople ? content('unknown', undefined, {}) : undefined;
}
