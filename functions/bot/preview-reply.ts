import * as z from 'zod';
import { type Answer, decideAnswer } from '#shared/bot/decide-answer.ts';
import { CONTACT_TEXT_LENGTH_MAX } from '#shared/domain/contact.ts';
import { TEXT_LENGTH_MAX } from '#shared/domain/message-content.ts';
import { PhoneNumber, parseRecipient } from '#shared/domain/recipient.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { Moment } from '../http/moment.ts';
import { numberAsText } from '../http/number-as-text.ts';
import { ok } from '../http/reply.ts';
import { ChatIdField, optional } from '../messages/message-fields.ts';
import { toPreviewedReply } from './to-previewed-reply.ts';

const Body = z.object({
  message: z.string().max(TEXT_LENGTH_MAX),
  at: optional(Moment),
  chat: optional(z.enum(['private', 'group'])),
  chatId: optional(ChatIdField),
  name: optional(z.string().max(CONTACT_TEXT_LENGTH_MAX)),
  number: optional(numberAsText(PhoneNumber)),
  backlog: optional(z.boolean()),
});
type Body = z.output<typeof Body>;

type Needs = Pick<Deps, 'botChats' | 'knownRules' | 'newUlid' | 'now'>;

/** What the bot would answer to a message, and why. Nothing is sent, and nothing is remembered. */
export const previewReply = defineRoute({
  auth: 'instance',
  body: Body,
  async run({ instance, body }, { botChats, knownRules, newUlid, now }: Needs) {
    const { instanceId } = instance;
    const { message: text, chatId, name, backlog = false } = body;
    const at = body.at ?? now();
    const [rules, history] = await Promise.all([
      knownRules.of(instanceId),
      chatId === undefined ? undefined : botChats.get({ instanceId, chatId }),
    ]);
    const answer = decideAnswer({
      instance,
      rules,
      message: { text, chat: chatOf(body), fromMe: false, backlog, isAnswerable: true },
      name,
      number: numberOf(body),
      history,
      seed: newUlid(),
      now: at,
    });
    return ok('Reply previewed successfully!', {
      ...toView(answer),
      at: at.toISOString(),
      knows_history: chatId !== undefined,
    });
  },
});

function toView(answer: Answer) {
  const { decision, reasons } = answer;
  const rule = decision.kind === 'reply' ? decision.rule : undefined;
  return {
    would_reply: answer.kind === 'send',
    reply: answer.kind === 'send' ? toPreviewedReply(answer.decision.reply, answer.content) : null,
    rule: rule ? { id: rule.keywordId, keyword: rule.keyword } : null,
    is_default: decision.kind === 'reply' && rule === undefined,
    reasons:
      answer.kind === 'unsendable'
        ? [...reasons, 'The reply cannot be sent: nothing of it is left.']
        : reasons,
  };
}

function chatOf({ chat, chatId = '' }: Body): 'private' | 'group' {
  return chat ?? (parseRecipient(chatId)?.kind === 'group' ? 'group' : 'private');
}

function numberOf({ number, chatId = '' }: Body): string | undefined {
  const recipient = parseRecipient(chatId);
  return number ?? (recipient?.kind === 'phone' ? recipient.phone : undefined);
}
