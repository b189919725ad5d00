import { defineMessage } from './codec.ts';
import { type Fields, nested, repeated, scalar } from './field.ts';

// What devices tell each other beside the talk of people: keys, history, edits. Only the fields
// that we use; the field numbers are WhatsApp's public wire format, as in Baileys' WAProto.proto.

const messageKeyFields = {
  remoteJid: scalar(1, 'string'),
  fromMe: scalar(2, 'bool'),
  id: scalar(3, 'string'),
  participant: scalar(4, 'string'),
};
/** Which message is meant: its chat, its sender and its id. */
export type MessageKey = Fields<typeof messageKeyFields>;
export const MessageKey = defineMessage('MessageKey', messageKeyFields);

const historyFields = {
  fileSha256: scalar(1, 'bytes'),
  fileLength: scalar(2, 'uint64'),
  mediaKey: scalar(3, 'bytes'),
  fileEncSha256: scalar(4, 'bytes'),
  directPath: scalar(5, 'string'),
  syncType: scalar(6, 'uint32'),
  chunkOrder: scalar(7, 'uint32'),
  progress: scalar(9, 'uint32'),
  initialHistBootstrapInlinePayload: scalar(11, 'bytes'),
};
/** Where the phone has put a part of the history. */
export type HistorySyncNotification = Fields<typeof historyFields>;
export const HistorySyncNotification = defineMessage('HistorySyncNotification', historyFields);

const appStateKeyId = defineMessage('AppStateSyncKeyId', { keyId: scalar(1, 'bytes') });
const appStateFingerprint = defineMessage('AppStateSyncKeyFingerprint', {
  rawId: scalar(1, 'uint32'),
  currentIndex: scalar(2, 'uint32'),
});
const appStateKeyData = defineMessage('AppStateSyncKeyData', {
  keyData: scalar(1, 'bytes'),
  fingerprint: nested(2, () => appStateFingerprint),
  timestamp: scalar(3, 'int64'),
});
const appStateKey = defineMessage('AppStateSyncKey', {
  keyId: nested(1, () => appStateKeyId),
  keyData: nested(2, () => appStateKeyData),
});
const appStateShareFields = { keys: repeated(nested(1, () => appStateKey)) };
/** The keys of the app state, which a phone gives to its companions. */
export type AppStateSyncKeyShare = Fields<typeof appStateShareFields>;
export const AppStateSyncKeyShare = defineMessage('AppStateSyncKeyShare', appStateShareFields);

const groupKeyFields = {
  groupId: scalar(1, 'string'),
  axolotlSenderKeyDistributionMessage: scalar(2, 'bytes'),
};
/** A group's sender key inside a message; `signal/sender-key.ts` reads its bytes. */
export type GroupKeyMessage = Fields<typeof groupKeyFields>;
export const GroupKeyMessage = defineMessage('GroupKeyMessage', groupKeyFields);

const contextFields = {
  deviceListMetadataVersion: scalar(2, 'int32'),
  messageSecret: scalar(3, 'bytes'),
  paddingBytes: scalar(4, 'bytes'),
  reportingTokenVersion: scalar(8, 'int32'),
};
/** What stands beside the content of a message. */
export type MessageContextInfo = Fields<typeof contextFields>;
export const MessageContextInfo = defineMessage('MessageContextInfo', contextFields);

const reactionFields = {
  key: nested(1, () => MessageKey),
  text: scalar(2, 'string'),
  senderTimestampMs: scalar(4, 'int64'),
};
/** An emoji on another message; an empty text takes it back. */
export type ReactionMessage = Fields<typeof reactionFields>;
export const ReactionMessage = defineMessage('ReactionMessage', reactionFields);

const pollEncValue = defineMessage('PollEncValue', {
  encPayload: scalar(1, 'bytes'),
  encIv: scalar(2, 'bytes'),
});
const pollUpdateFields = {
  pollCreationMessageKey: nested(1, () => MessageKey),
  vote: nested(2, () => pollEncValue),
  senderTimestampMs: scalar(4, 'int64'),
};
/** A vote in a poll, encrypted with the poll's secret; it takes the place of an earlier one. */
export type PollUpdateMessage = Fields<typeof pollUpdateFields>;
export const PollUpdateMessage = defineMessage('PollUpdateMessage', pollUpdateFields);

/** What the vote is, decrypted: the SHA-256 of each chosen option's name. */
export const PollVoteMessage = defineMessage('PollVoteMessage', {
  selectedOptions: repeated(scalar(1, 'bytes')),
});

/** The values of `protocolMessage.type` that we use. */
export const PROTOCOL_TYPE = {
  revoke: 0,
  historySyncNotification: 5,
  appStateSyncKeyShare: 6,
  messageEdit: 14,
} as const;
