import type { Network } from '#simulator/network.ts';
import { SignalError } from '#simulator/signal/signal-error.ts';
import { QueueFullError } from '#simulator/store/delivery-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';
import { WireError } from '#simulator/wire/wire-error.ts';

import { ackNode, handleCompanionMessage } from './companion-messages.ts';
import { handleChatState, handlePresence } from './companion-presence.ts';
import { handleCompanionAck, handleCompanionReceipt } from './companion-receipts.ts';
import type { CompanionSession } from './companion-session.ts';
import * as account from './iq/account-iq.ts';
import { answerEncryptIq } from './iq/encrypt-iq.ts';
import { answerGroupIq } from './iq/group-iq.ts';
import { BAD_REQUEST, EMPTY_RESULT, type IqAnswer, type IqHandler } from './iq/iq-answer.ts';
import { answerUsyncIq } from './iq/usync-iq.ts';
import { NACK } from './outgoing-message.ts';
import { iqError, iqResult } from './stanzas.ts';

/** The namespaces that have an answer of their own; all others get an empty result. */
const IQ_HANDLERS: Readonly<Record<string, IqHandler>> = {
  abt: account.answerPropsIq,
  blocklist: account.answerBlocklistIq,
  encrypt: answerEncryptIq,
  md: account.answerDeviceIq,
  privacy: account.answerPrivacyIq,
  usync: answerUsyncIq,
  'w:g2': answerGroupIq,
  'w:m': account.answerMediaIq,
  'w:profile:picture': account.answerPictureIq,
  'w:sync:app:state': account.answerAppStateIq,
};

/** Handles one stanza of a logged-in device. Presence, chat states and `ib` get no answer. */
export function routeStanza(session: CompanionSession, node: BinaryNode, network: Network): void {
  switch (node.tag) {
    case 'iq':
      handleIq(session, node, network);
      return;
    case 'message':
      handleMessage(session, node, network);
      return;
    case 'receipt':
      handleCompanionReceipt(session, node, network);
      return;
    case 'ack':
      handleCompanionAck(session, node, network);
      return;
    case 'presence':
      handlePresence(session, node, network);
      return;
    case 'chatstate':
      handleChatState(session, node, network);
  }
}

function handleMessage(session: CompanionSession, node: BinaryNode, network: Network): void {
  try {
    handleCompanionMessage(session, node, network);
  } catch (error) {
    if (error instanceof QueueFullError) session.send(ackNode(node, network, NACK.unavailable));
    else if (error instanceof WireError) session.send(ackNode(node, network, NACK.malformed));
    else throw error;
  }
}

function handleIq(session: CompanionSession, iq: BinaryNode, network: Network): void {
  if (iq.attrs['type'] === 'result' || iq.attrs['type'] === 'error') return;
  const { db } = network.store;
  try {
    db.transaction(() => {
      let answer: IqAnswer = EMPTY_RESULT;
      // Registered first, so that the answer goes out before whatever the handler sets off.
      db.afterCommit(() => session.send(toNode(iq, answer)));
      answer = IQ_HANDLERS[iq.attrs['xmlns'] ?? '']?.(iq, session.address, network) ?? EMPTY_RESULT;
    });
  } catch (error) {
    if (!(error instanceof WireError || error instanceof SignalError)) throw error;
    session.send(toNode(iq, BAD_REQUEST));
  }
}

function toNode(iq: BinaryNode, answer: IqAnswer): BinaryNode {
  return answer.kind === 'result'
    ? iqResult(iq, answer.content)
    : iqError(iq, answer.code, answer.text);
}
