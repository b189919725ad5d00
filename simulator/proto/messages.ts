import { defineMessage, type MessageCodec } from './codec.ts';
import * as content from './content-fields.ts';
import { type Field, type Fields, nested, repeated, scalar } from './field.ts';
import {
  AppStateSyncKeyShare,
  GroupKeyMessage,
  HistorySyncNotification,
  MessageContextInfo,
  MessageKey,
  PollUpdateMessage,
  ReactionMessage,
} from './peer-fields.ts';

// A message contains messages (quotes, wrappers, edits), so this part of the schema is one file.
// The field numbers are WhatsApp's public wire format, as in Baileys' WAProto.proto.

const contextInfo = (id: number): Field<ContextInfo> => nested(id, () => ContextInfo);
const wrapper = (id: number): Field<FutureProofMessage> => nested(id, () => FutureProofMessage);

const extendedText = defineMessage('ExtendedTextMessage', {
  text: scalar(1, 'string'),
  matchedText: scalar(2, 'string'),
  description: scalar(5, 'string'),
  title: scalar(6, 'string'),
  contextInfo: contextInfo(17),
});
const image = defineMessage('ImageMessage', {
  ...content.imageFields,
  contextInfo: contextInfo(17),
});
const video = defineMessage('VideoMessage', {
  ...content.videoFields,
  contextInfo: contextInfo(17),
});
const audio = defineMessage('AudioMessage', {
  ...content.audioFields,
  contextInfo: contextInfo(17),
});
const document = defineMessage('DocumentMessage', {
  ...content.documentFields,
  contextInfo: contextInfo(17),
});
const sticker = defineMessage('StickerMessage', {
  ...content.stickerFields,
  contextInfo: contextInfo(17),
});
const location = defineMessage('LocationMessage', {
  ...content.locationFields,
  contextInfo: contextInfo(17),
});
const contact = defineMessage('ContactMessage', {
  ...content.contactFields,
  contextInfo: contextInfo(17),
});
const contactsArray = defineMessage('ContactsArrayMessage', {
  displayName: scalar(1, 'string'),
  contacts: repeated(nested(2, () => contact)),
  contextInfo: contextInfo(17),
});
const poll = defineMessage('PollCreationMessage', {
  ...content.pollCreationFields,
  contextInfo: contextInfo(5),
});
const list = defineMessage('ListMessage', { ...content.listFields, contextInfo: contextInfo(8) });
const listResponse = defineMessage('ListResponseMessage', {
  ...content.listResponseFields,
  contextInfo: contextInfo(4),
});
const buttons = defineMessage('ButtonsMessage', {
  ...content.buttonsFields,
  documentMessage: nested(2, () => document),
  imageMessage: nested(3, () => image),
  videoMessage: nested(4, () => video),
  contextInfo: contextInfo(8),
});
const buttonsResponse = defineMessage('ButtonsResponseMessage', {
  ...content.buttonsResponseFields,
  contextInfo: contextInfo(3),
});
const hydratedTemplate = defineMessage('HydratedFourRowTemplate', {
  ...content.hydratedTemplateFields,
  documentMessage: nested(1, () => document),
  imageMessage: nested(3, () => image),
  videoMessage: nested(4, () => video),
});
const template = defineMessage('TemplateMessage', {
  hydratedTemplate: nested(4, () => hydratedTemplate),
  contextInfo: contextInfo(3),
});
const templateReply = defineMessage('TemplateButtonReplyMessage', {
  ...content.templateReplyFields,
  contextInfo: contextInfo(3),
});
const interactiveHeader = defineMessage('InteractiveHeader', {
  ...content.interactiveHeaderFields,
  documentMessage: nested(3, () => document),
  imageMessage: nested(4, () => image),
  videoMessage: nested(7, () => video),
});
const interactive = defineMessage('InteractiveMessage', {
  ...content.interactiveFields,
  header: nested(1, () => interactiveHeader),
  contextInfo: contextInfo(15),
});
const interactiveResponse = defineMessage('InteractiveResponseMessage', {
  ...content.interactiveResponseFields,
  contextInfo: contextInfo(15),
});

const protocol = defineMessage('ProtocolMessage', {
  key: nested(1, () => MessageKey),
  type: scalar(2, 'uint32'),
  historySyncNotification: nested(6, () => HistorySyncNotification),
  appStateSyncKeyShare: nested(7, () => AppStateSyncKeyShare),
  editedMessage: nested(14, (): MessageCodec<Message> => Message),
  timestampMs: scalar(15, 'int64'),
});
const deviceSent = defineMessage('DeviceSentMessage', {
  destinationJid: scalar(1, 'string'),
  message: nested(2, (): MessageCodec<Message> => Message),
  phash: scalar(3, 'string'),
});

const contextFields = {
  stanzaId: scalar(1, 'string'),
  participant: scalar(2, 'string'),
  quotedMessage: nested(3, (): MessageCodec<Message> => Message),
  remoteJid: scalar(4, 'string'),
  mentionedJid: repeated(scalar(15, 'string')),
  forwardingScore: scalar(21, 'uint32'),
  isForwarded: scalar(22, 'bool'),
  expiration: scalar(25, 'uint32'),
};
/** The quote and the mentions of a message. An interface, because it contains messages. */
export interface ContextInfo extends Fields<typeof contextFields> {}
const ContextInfo: MessageCodec<ContextInfo> = defineMessage('ContextInfo', contextFields);

const wrapperFields = { message: nested(1, (): MessageCodec<Message> => Message) };
/** A wrapper around a message: view once, disappearing, document with a caption, edited. */
interface FutureProofMessage extends Fields<typeof wrapperFields> {}
const FutureProofMessage: MessageCodec<FutureProofMessage> = defineMessage(
  'FutureProofMessage',
  wrapperFields,
);

const messageFields = {
  conversation: scalar(1, 'string'),
  senderKeyDistributionMessage: nested(2, () => GroupKeyMessage),
  imageMessage: nested(3, () => image),
  contactMessage: nested(4, () => contact),
  locationMessage: nested(5, () => location),
  extendedTextMessage: nested(6, () => extendedText),
  documentMessage: nested(7, () => document),
  audioMessage: nested(8, () => audio),
  videoMessage: nested(9, () => video),
  protocolMessage: nested(12, () => protocol),
  contactsArrayMessage: nested(13, () => contactsArray),
  templateMessage: nested(25, () => template),
  stickerMessage: nested(26, () => sticker),
  templateButtonReplyMessage: nested(29, () => templateReply),
  deviceSentMessage: nested(31, () => deviceSent),
  messageContextInfo: nested(35, () => MessageContextInfo),
  listMessage: nested(36, () => list),
  viewOnceMessage: wrapper(37),
  listResponseMessage: nested(39, () => listResponse),
  ephemeralMessage: wrapper(40),
  buttonsMessage: nested(42, () => buttons),
  buttonsResponseMessage: nested(43, () => buttonsResponse),
  interactiveMessage: nested(45, () => interactive),
  reactionMessage: nested(46, () => ReactionMessage),
  interactiveResponseMessage: nested(48, () => interactiveResponse),
  pollCreationMessage: nested(49, () => poll),
  pollUpdateMessage: nested(50, () => PollUpdateMessage),
  documentWithCaptionMessage: wrapper(53),
  viewOnceMessageV2: wrapper(55),
  editedMessage: wrapper(58),
  viewOnceMessageV2Extension: wrapper(59),
  pollCreationMessageV2: nested(60, () => poll),
  pollCreationMessageV3: nested(64, () => poll),
  ptvMessage: nested(66, () => video),
};

/** What a person's device encrypts for another device. */
export interface Message extends Fields<typeof messageFields> {}
export const Message: MessageCodec<Message> = defineMessage('Message', messageFields);

// The network half takes all its messages from this one file.
export * from './device-identity.ts';
export * from './handshake.ts';
export * from './peer-fields.ts';
