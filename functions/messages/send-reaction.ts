import * as z from 'zod';
import { defineSend } from './define-send.ts';
import { findTarget, toTarget } from './find-target.ts';
import { SEND_OPTIONS } from './send-options.ts';

/** One emoji may be many characters: families, flags, colours of skin. */
const EMOJI_LENGTH_MAX = 40;

const Emoji = z
  .string()
  .trim()
  .max(EMOJI_LENGTH_MAX)
  .refine((text) => text === '' || isOneEmoji(text), 'must be one emoji, or empty to take it back');

/** Reacts to a message, of ours or of others. */
export const sendReaction = defineSend({
  operation: 'sendReaction',
  body: z.object({ messageId: z.string(), emoji: Emoji, ...SEND_OPTIONS }),
  answers: 'body',
  async draft({ instance, body: { messageId: id, emoji } }, deps) {
    const target = toTarget(await findTarget(instance, { id, path: 'messageId' }, deps));
    return [{ chatId: target.chatId, content: { kind: 'reaction', target, emoji } }];
  },
});

/** Many a keyboard leaves out the mark that makes an emoji of a sign. */
function isOneEmoji(text: string): boolean {
  return [text, `${text}\uFE0F`].some((each) => /^\p{RGI_Emoji}$/v.test(each));
}
