import { createHash } from 'node:crypto';
import { decryptPollVote, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { OpenVote } from '../session/whatsapp.ts';
import { jidsOf } from './person.ts';

/**
 * What was voted for. The key is derived from the addresses of both sides, and WhatsApp's apps use now the numbers and
 * now the LIDs: the cipher itself tells which. `undefined` when it is no vote in this poll.
 */
export const openVote: OpenVote = ({ target, vote }, voter, poll) => {
  const message = proto.Message.decode(Buffer.from(poll, 'base64'));
  const secret = message.messageContextInfo?.messageSecret;
  const options = optionsOf(message);
  if (!secret || options === undefined) return undefined;
  const sealed = { encPayload: vote.payload, encIv: vote.iv };
  for (const pollCreatorJid of jidsOf(target.author)) {
    for (const voterJid of jidsOf(voter)) {
      const opened = tryToOpen(sealed, {
        pollCreatorJid,
        pollMsgId: target.waId,
        pollEncKey: secret,
        voterJid,
      });
      if (opened) return { options, selected: selectedOf(opened, options) };
    }
  }
  return undefined;
};

function tryToOpen(
  ...[vote, context]: Parameters<typeof decryptPollVote>
): proto.Message.IPollVoteMessage | undefined {
  try {
    return decryptPollVote(vote, context);
  } catch {
    return undefined;
  }
}

function optionsOf(message: proto.IMessage): string[] | undefined {
  const wire = normalizeMessageContent(message);
  const poll =
    wire?.pollCreationMessage ?? wire?.pollCreationMessageV2 ?? wire?.pollCreationMessageV3;
  return poll?.options?.map(({ optionName }) => optionName ?? '');
}

/** A vote names its options by their hashes. */
function selectedOf({ selectedOptions }: proto.Message.IPollVoteMessage, options: string[]) {
  const hashes = new Set(selectedOptions?.map((hash) => Buffer.from(hash).toString('hex')));
  return options.filter((name) => hashes.has(createHash('sha256').update(name).digest('hex')));
}
