import {
  type BinaryNode,
  generateForwardMessageContent,
  proto,
  type WAMessageKey,
} from '@whiskeysockets/baileys';
import type { MessageContent, MessageTarget } from '#shared/domain/message-content.ts';
import type { ReceivedMessage } from '#shared/domain/received-message.ts';
import { parseRecipient, type Recipient, toChatId } from '#shared/domain/recipient.ts';
import { type OutgoingMessage, SendRefused } from '../session/outgoing-message.ts';
import { toJid } from './jid.ts';
import { nativeFlowNodes } from './native-flow-nodes.ts';
import { toWire } from './to-wire.ts';

/** What is handed to Baileys' `relayMessage`. */
export type ComposedMessage = {
  readonly wire: proto.IMessage;
  readonly attributes: Record<string, string>;
  readonly nodes: BinaryNode[];
};

/** A message that another one is about, as it is kept. */
export type KeptMessage =
  | { readonly kind: 'own'; readonly message: OutgoingMessage }
  | { readonly kind: 'received'; readonly message: ReceivedMessage };

export type ComposeDeps = {
  /** Our own address, without the device. */
  readonly ownJid: string;
  readonly findMessage: (target: MessageTarget) => Promise<KeptMessage | undefined>;
};

/**
 * The whole of a message on the wire: what it says, what it answers, whom it names, and which message it is about. The
 * same at every attempt, as long as that message is kept. Throws `SendRefused` when it is not.
 */
export async function composeMessage(
  message: OutgoingMessage,
  deps: ComposeDeps,
): Promise<ComposedMessage> {
  const { content, upload, at } = message;
  const wire = toWire(content, upload);
  switch (content.kind) {
    case 'reaction': {
      const key = await keyOf(content.target, deps);
      const reaction = { ...wire.reactionMessage, key, senderTimestampMs: at.getTime() };
      return plain({ reactionMessage: reaction });
    }
    case 'edit':
    case 'delete':
      return await composeAmendment({ content, wire, at }, deps);
    case 'forward':
      return plain(await composeForward(content.target, deps));
    case 'poll':
      return {
        ...plain(await withContext(wire, message, deps)),
        nodes: [{ tag: 'meta', attrs: { polltype: 'creation' } }],
      };
    case 'text':
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
    case 'location':
    case 'contact': {
      const isNative = 'native' in content && content.native !== undefined;
      const nodes = isNative ? nativeFlowNodes(at) : [];
      return { ...plain(await withContext(wire, message, deps)), nodes };
    }
  }
}

function plain(wire: proto.IMessage): ComposedMessage {
  return { wire, attributes: {}, nodes: [] };
}

type Amendment = {
  readonly content: Extract<MessageContent, { kind: 'edit' | 'delete' }>;
  readonly wire: proto.IMessage;
  readonly at: Date;
};

/** WhatsApp's server must be told what it is: 1 is an edit, 7 a deletion, 8 one by the group's admin. */
async function composeAmendment(
  { content, wire, at }: Amendment,
  deps: ComposeDeps,
): Promise<ComposedMessage> {
  const key = await keyOf(content.target, deps);
  const deletion = content.target.fromMe ? '7' : '8';
  const protocolMessage = {
    ...wire.protocolMessage,
    key,
    ...(content.kind === 'edit' && { timestampMs: at.getTime() }),
  };
  const edit = content.kind === 'edit' ? '1' : deletion;
  return { ...plain({ protocolMessage }), attributes: { edit } };
}

async function composeForward(target: MessageTarget, deps: ComposeDeps): Promise<proto.IMessage> {
  const forwarded = await findForwarded(target, deps);
  if (forwarded) return forwarded;
  throw targetGone();
}

async function findForwarded(
  target: MessageTarget,
  deps: ComposeDeps,
): Promise<proto.IMessage | undefined> {
  const kept = await deps.findMessage(target);
  const message = kept && (await wireOf(kept, deps));
  const key = { fromMe: target.fromMe, id: target.waId };
  return message && generateForwardMessageContent({ key, message }, false);
}

/** What is quoted and who is named goes into the part that says something. */
async function withContext(
  wire: proto.IMessage,
  { content, to }: Pick<OutgoingMessage, 'content' | 'to'>,
  deps: ComposeDeps,
): Promise<proto.IMessage> {
  const quoted = 'quoted' in content ? content.quoted : undefined;
  const mentions = 'mentions' in content ? content.mentions : undefined;
  if (quoted === undefined && mentions === undefined) return wire;
  const contextInfo = {
    ...(quoted && (await toQuote(quoted, deps))),
    ...(quoted && isOfAnotherGroup(quoted, to) && { remoteJid: quoted.chatId }),
    ...(mentions && { mentionedJid: mentions.flatMap(toMentionedJid) }),
  };
  const parts = Object.entries(wire).map(([field, part]) =>
    field === 'messageContextInfo' ? [field, part] : [field, { ...part, contextInfo }],
  );
  return proto.Message.fromObject(Object.fromEntries(parts));
}

/** Apps look for what is quoted in the chat of the answer, unless they are told of a group (Utils/messages.js). */
function isOfAnotherGroup({ chatId }: MessageTarget, to: Recipient): boolean {
  return chatId.endsWith('@g.us') && chatId !== toChatId(to);
}

async function toQuote(target: MessageTarget, deps: ComposeDeps): Promise<proto.IContextInfo> {
  const kept = await deps.findMessage(target);
  const key = kept && toKey(kept);
  const wire = kept && (await wireOf(kept, deps));
  const author = target.fromMe ? deps.ownJid : (key?.participant ?? key?.remoteJid);
  return {
    stanzaId: target.waId,
    ...(author && { participant: author }),
    // An app that does not have the message shows what is quoted here.
    quotedMessage: wire ? withoutContext(wire) : { conversation: '' },
  };
}

/**
 * A quote in a quote is not shown, and could grow for ever. What a message holds beside what it says is for those who
 * got it: a poll's secret, for one.
 */
function withoutContext({
  messageContextInfo: _notShown,
  ...wire
}: proto.IMessage): proto.IMessage {
  const parts = Object.entries(wire).map(([field, part]) =>
    typeof part === 'object' && part !== null && 'contextInfo' in part
      ? [field, { ...part, contextInfo: null }]
      : [field, part],
  );
  return Object.fromEntries(parts);
}

async function keyOf(target: MessageTarget, deps: ComposeDeps): Promise<WAMessageKey> {
  return toKey(await requireKept(target, deps));
}

async function requireKept(target: MessageTarget, deps: ComposeDeps): Promise<KeptMessage> {
  const kept = await deps.findMessage(target);
  if (kept) return kept;
  throw targetGone();
}

function targetGone(): SendRefused {
  return new SendRefused('target_gone', 'The message that this one is about is not kept any more.');
}

/** A received message goes by the addresses that it came with, one of ours by those that it went to. */
function toKey(kept: KeptMessage): WAMessageKey {
  if (kept.kind === 'own') {
    const { waId: id, to } = kept.message;
    return { remoteJid: toJid(to), fromMe: true, id };
  }
  const { waId: id, remoteJid, participant, fromMe } = kept.message;
  return { remoteJid, fromMe, id, ...(participant !== undefined && !fromMe && { participant }) };
}

/** One of ours that was forwarded says what another message says; `undefined` when that is kept no more. */
async function wireOf(kept: KeptMessage, deps: ComposeDeps): Promise<proto.IMessage | undefined> {
  if (kept.kind === 'received')
    return proto.Message.decode(Buffer.from(kept.message.wire, 'base64'));
  const { content, upload } = kept.message;
  if (content.kind === 'forward') return await findForwarded(content.target, deps);
  return toWire(content, upload);
}

function toMentionedJid(chatId: string): string[] {
  const recipient = parseRecipient(chatId);
  return recipient ? [toJid(recipient)] : [];
}
