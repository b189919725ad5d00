import { createHash } from 'node:crypto';
import { type Message, toWaId } from '#shared/domain/message.ts';

/** How WhatsApp refuses buttons: 405 the old ones, 479 a structure that it does not take (facts: tulir/whatsmeow#1235). */
const NATIVE_REFUSALS: ReadonlySet<string> = new Set(['405', '479']);

/** What goes out in place of buttons of WhatsApp's own that it has refused: the same as text, as a new message. */
export function textInstead(
  message: Message,
  code: string,
): Pick<Message, 'waId' | 'content'> | undefined {
  const { content, waId } = message;
  if (!('native' in content) || content.native === undefined) return undefined;
  if (!NATIVE_REFUSALS.has(code)) return undefined;
  const { native: _refused, ...text } = content;
  const digest = createHash('sha256').update(`text instead of|${waId}`).digest('hex');
  return { waId: toWaId(digest), content: text };
}
