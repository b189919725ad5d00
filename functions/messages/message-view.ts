import { type Message, MessageState, TIME_FIELDS, toAck } from '#shared/domain/message.ts';
import { toWireJid, toWireMessage } from '#shared/domain/wire-message.ts';

/** Where to ask how far the message has come, and how far it is. */
export function messageHeaders({ messageId, state }: Message): Record<string, string> {
  return {
    'x-message-id': messageId,
    'x-message-state': state,
    location: `/whatsapp/message/${messageId}`,
  };
}

/** WhatsApp's own form of the message, as the customer's page shows it. */
export function toWhatsAppView(message: Message) {
  const { chatId, waId, content, upload, queuedAt, failure } = message;
  return {
    key: { remoteJid: toWireJid(chatId), fromMe: true, id: waId },
    message: toWireMessage(content, upload),
    messageTimestamp: String(Math.floor(new Date(queuedAt).getTime() / 1000)),
    status: WHATSAPP_STATUS[message.state],
    ...(failure && { error: failure }),
    ...(hasChoices(message) && { rendered_as: renderingOf(message) }),
  };
}

/** What `GET /whatsapp/message/{id}` answers. `times` has the states that were reached, in order. */
export function toMessageView(message: Message, sessionId: string) {
  return {
    id: message.messageId,
    whatsapp_id: message.waId,
    session_id: sessionId,
    chatId: message.chatId,
    type: message.content.kind,
    state: message.state,
    ack: toAck(message.state),
    times: timesOf(message),
    attempts: message.attempts,
    error: message.failure ?? null,
    send_at: message.sendAt ?? null,
    valid_until: message.validUntil ?? null,
    retry_of: message.retryOf ?? null,
    rendered_as: hasChoices(message) ? renderingOf(message) : null,
  };
}

/** WhatsApp's names of its own states (`WebMessageInfo.Status`). */
const WHATSAPP_STATUS = {
  QUEUED: 'PENDING',
  SENDING: 'PENDING',
  SENT: 'SERVER_ACK',
  DELIVERED: 'DELIVERY_ACK',
  READ: 'READ',
  PLAYED: 'PLAYED',
  FAILED: 'ERROR',
  EXPIRED: 'ERROR',
  CANCELED: 'ERROR',
} as const satisfies Record<MessageState, string>;

function hasChoices({ content }: Message): boolean {
  return ('choices' in content && content.choices !== undefined) || 'native' in content;
}

/** How a list or buttons go out: as numbered text, or as WhatsApp's own, which not every app shows. */
function renderingOf({ content }: Message): 'text' | 'native' {
  return 'native' in content && content.native !== undefined ? 'native' : 'text';
}

function timesOf(message: Message): Partial<Record<MessageState, string>> {
  const times: Partial<Record<MessageState, string>> = {};
  for (const state of MessageState.options) {
    const time = message[TIME_FIELDS[state]];
    if (time !== undefined) times[state] = time;
  }
  return times;
}
