import { type Message, MessageState, TIME_FIELDS, toAck } from '#shared/domain/message.ts';
import { toWireMessage } from '#shared/domain/wire-message.ts';

/** Where to ask how far the message has come. */
export function messageHeaders({ messageId }: Message): Record<string, string> {
  return { 'x-message-id': messageId, location: `/whatsapp/message/${messageId}` };
}

/** What `POST /whatsapp/message` answers: WhatsApp's own form of the message, and the page's empty companions. */
export function toSentView({ chatId, waId, content, upload, queuedAt }: Message) {
  return {
    message: {
      key: { remoteJid: toJid(chatId), fromMe: true, id: waId },
      message: toWireMessage(content, upload),
      messageTimestamp: String(Math.floor(new Date(queuedAt).getTime() / 1000)),
      status: 'PENDING',
    },
    attachment: [],
    contact: {},
    image: {},
    buttons: {},
    location: {},
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
  };
}

function timesOf(message: Message): Partial<Record<MessageState, string>> {
  const times: Partial<Record<MessageState, string>> = {};
  for (const state of MessageState.options) {
    const time = message[TIME_FIELDS[state]];
    if (time !== undefined) times[state] = time;
  }
  return times;
}

/** WhatsApp's wire says `@s.whatsapp.net` where the API says `@c.us`. */
function toJid(chatId: string): string {
  return chatId.replace(/@c\.us$/, '@s.whatsapp.net');
}
