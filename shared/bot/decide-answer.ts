import { type Instance, phoneOf } from '../domain/instance.ts';
import { MessageContent } from '../domain/message-content.ts';
import { shownBotName } from '../domain/settings.ts';
import { decideReply } from './decide-reply.ts';
import type { BotMessage, ChatHistory, ReplyDecision } from './decision.ts';
import type { KeywordRule } from './keyword-rule.ts';
import { renderReply } from './render-reply.ts';

/** All that an answer depends on. */
export type Question = {
  readonly instance: Pick<Instance, 'settings' | 'user'>;
  readonly rules: readonly KeywordRule[];
  readonly message: BotMessage;
  /** Who wrote it, as far as known. */
  readonly name?: string | undefined;
  readonly number?: string | undefined;
  /** `undefined` when nothing is known of the chat. */
  readonly history?: ChatHistory | undefined;
  /** The same one makes the same choices of spintax. */
  readonly seed: string;
  readonly now: Date;
};

export type Answer = { readonly reasons: readonly string[] } & (
  | {
      readonly kind: 'send';
      readonly decision: Extract<ReplyDecision, { kind: 'reply' }>;
      readonly content: MessageContent;
    }
  /** What the customer has set makes no message that can be sent: nothing of it is left. */
  | { readonly kind: 'unsendable'; readonly decision: Extract<ReplyDecision, { kind: 'reply' }> }
  | { readonly kind: 'silent'; readonly decision: Extract<ReplyDecision, { kind: 'silent' }> }
);

/** What the instance's bot answers to a message, word by word, and why. */
export function decideAnswer(question: Question): Answer {
  const { instance, rules, message, history, now } = question;
  const { decision, reasons } = decideReply(message, instance.settings, rules, now, history);
  if (decision.kind === 'silent') return { kind: 'silent', decision, reasons };
  const rendered = renderReply(decision.reply, aboutOf(question));
  const content = rendered && MessageContent.safeParse(rendered);
  if (!content?.success) return { kind: 'unsendable', decision, reasons };
  return { kind: 'send', decision, reasons, content: content.data };
}

function aboutOf({ instance: { settings, user }, name, number, seed, now }: Question) {
  return {
    seed,
    tokens: {
      ...(name !== undefined && { name }),
      ...(number !== undefined && { number }),
      botName: shownBotName(settings.bot_name, phoneOf(user)),
    },
    language: settings.bot_lang,
    timeZone: settings.bot_timezone,
    now,
  };
}
