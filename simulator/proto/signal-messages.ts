import { defineMessage } from './codec.ts';
import { type Fields, scalar } from './field.ts';

// Signal's wire format of version 3 (WhisperTextProtocol.proto of libsignal) and of sender keys.

const whisperFields = {
  ratchetKey: scalar(1, 'bytes'),
  counter: scalar(2, 'uint32'),
  previousCounter: scalar(3, 'uint32'),
  ciphertext: scalar(4, 'bytes'),
};
/** A message of a running session. */
export type WhisperMessage = Fields<typeof whisperFields>;
export const WhisperMessage = defineMessage('WhisperMessage', whisperFields);

const preKeyFields = {
  preKeyId: scalar(1, 'uint32'),
  baseKey: scalar(2, 'bytes'),
  identityKey: scalar(3, 'bytes'),
  message: scalar(4, 'bytes'),
  registrationId: scalar(5, 'uint32'),
  signedPreKeyId: scalar(6, 'uint32'),
};
/** A message that also carries what its receiver needs to start the session. */
export type PreKeyWhisperMessage = Fields<typeof preKeyFields>;
export const PreKeyWhisperMessage = defineMessage('PreKeyWhisperMessage', preKeyFields);

const senderKeyFields = {
  id: scalar(1, 'uint32'),
  iteration: scalar(2, 'uint32'),
  ciphertext: scalar(3, 'bytes'),
};
/** A message to a group. */
export type SenderKeyMessage = Fields<typeof senderKeyFields>;
export const SenderKeyMessage = defineMessage('SenderKeyMessage', senderKeyFields);

const distributionFields = {
  id: scalar(1, 'uint32'),
  iteration: scalar(2, 'uint32'),
  chainKey: scalar(3, 'bytes'),
  signingKey: scalar(4, 'bytes'),
};
/** The sender key which a member gives to the others of a group. */
export type SenderKeyDistributionMessage = Fields<typeof distributionFields>;
export const SenderKeyDistributionMessage = defineMessage(
  'SenderKeyDistributionMessage',
  distributionFields,
);
