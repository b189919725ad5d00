import { jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { resolveJid } from '#simulator/phones/directory.ts';
import * as build from '#simulator/phones/message-content.ts';
import { uploadMedia } from '#simulator/phones/phone-media.ts';
import { VOTE_IV_BYTES } from '#simulator/phones/poll-vote.ts';
import type { Message } from '#simulator/proto/messages.ts';
import { type ChatRoute, chatOf } from '#simulator/server/message-node.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

import { ControlError, messageNotFound, parseInput } from './control-error.ts';
import type { MessageBody } from './message-body.ts';
import { findPhone } from './phone-lookup.ts';
import { PhoneNumber } from './schemas.ts';

const POLL_SECRET_BYTES = 32;

/** In which chat a phone writes. */
type Writer = { readonly phone: PhoneRecord; readonly route: ChatRoute };

/** Makes the message that a phone is told to send. Throws ControlError. */
export async function composeMessage(
  { content, quote, mentions }: MessageBody,
  writer: Writer,
  network: Network,
): Promise<Message> {
  const target = (id: string) => findTarget(id, writer, network);
  switch (content.kind) {
    case 'text':
      return build.textContent(content.text, {
        quote: quote === undefined ? undefined : target(quote),
        mentions: mentions.map((person) => mentionedJid(person, network)),
      });
    case 'media': {
      const { base64, ...media } = content;
      return uploadMedia(media, chunksOf(Buffer.from(base64, 'base64')), network);
    }
    case 'location':
      return build.locationContent(content.place);
    case 'contacts':
      return build.contactsContent(content.contacts);
    case 'poll':
      return build.pollContent(content.poll, network.random(POLL_SECRET_BYTES));
    case 'reaction':
      return build.reactionContent(target(content.id), content.text, network.now());
    case 'edit':
      return build.editContent(ownOf(target(content.id)), content.text, network.now());
    case 'revoke':
      return build.revokeContent(ownOf(target(content.id)));
    case 'buttonReply':
      return build.buttonReplyContent(shownOf(target(content.id)), content);
    case 'listReply':
      return build.listReplyContent(shownOf(target(content.id)), content);
    case 'interactiveReply':
      return build.interactiveReplyContent(shownOf(target(content.id)), content);
    case 'pollVote':
      return vote(target(content.id), content.options, network);
  }
}

function vote(
  target: build.Target,
  options: readonly string[],
  { random, now }: Pick<Network, 'random' | 'now'>,
): Message {
  const offered = target.record.view.poll?.options ?? [];
  const unknown = options.filter((option) => !offered.includes(option));
  const ballot = { iv: random(VOTE_IV_BYTES), at: now() };
  const content = unknown.length === 0 && build.pollVoteContent(target, options, ballot);
  if (content) return content;
  throw new ControlError(422, 'no_such_choice', {
    message: 'The message is no poll with these options.',
    details: { id: target.record.id, unknown },
  });
}

/** The message of this id in the chat. */
function findTarget(id: string, { phone, route }: Writer, { store }: Network): build.Target {
  const chat = chatOf(route);
  const record = store.messages.findById(phone.number, id).find((found) => found.chat === chat);
  const author = record && store.phones.find(record.from.number);
  if (!author) throw messageNotFound(id);
  return { record, author, phone, route };
}

/** Nobody can press what is not shown. */
function shownOf(target: build.Target): build.Target {
  if (target.record.view.type !== 'unrendered') return target;
  throw new ControlError(422, 'not_rendered', {
    message: 'The phone shows nothing of this message: its stanza had no biz node.',
    details: { id: target.record.id },
  });
}

function ownOf(target: build.Target): build.Target {
  if (target.record.fromMe) return target;
  throw new ControlError(403, 'not_the_author', {
    message: 'Only the author of a message may edit or revoke it.',
    details: { id: target.record.id },
  });
}

/** A number is mentioned by its jid; a LID by itself. */
function mentionedJid(person: string, network: Network): string {
  const found = person.includes('@')
    ? resolveJid(person, network)
    : { phone: findPhone(parseInput(PhoneNumber, person), network), addressing: 'pn' as const };
  if (found) return jidOf(found.phone, found.addressing);
  throw new ControlError(404, 'phone_not_found', {
    message: 'Nobody of this name can be mentioned.',
    details: { mention: person },
  });
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer, void> {
  yield bytes;
}
