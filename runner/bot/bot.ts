import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { historyAfter, NO_HISTORY } from '#shared/bot/chat-history.ts';
import { type Answer, decideAnswer, type Question } from '#shared/bot/decide-answer.ts';
import type { ChatHistory } from '#shared/bot/decision.ts';
import { decideSend } from '#shared/domain/decide-wish.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { VALID_S_DEFAULT } from '#shared/domain/message.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import { acceptMessages } from '#shared/messages/accept-messages.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { BotChatRepository } from '#shared/repositories/bot-chat-repository.ts';
import type { InstanceRef, InstanceRepository } from '#shared/repositories/instance-repository.ts';
import type { KeywordRepository } from '#shared/repositories/keyword-repository.ts';
import { KnownRules } from '#shared/repositories/known-rules.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import type { InboundMessage } from '../inbound/inbound-message.ts';
import { toBotMessage } from './to-bot-message.ts';

/** That a message was answered is known for as long as the message is: WhatsApp may tell it again. */
const ANSWERED_KEPT_S = 14 * 24 * 3_600;

export type BotDeps = {
  readonly instances: Pick<InstanceRepository, 'get'>;
  readonly keywords: Pick<KeywordRepository, 'version' | 'all'>;
  readonly botChats: BotChatRepository;
  readonly messages: MessageRepository;
  readonly metrics: Metrics;
  /** There is something to send. */
  readonly ring: () => void;
  readonly newId: () => string;
  readonly now: () => Date;
  readonly log: Logger;
};

type Asked = { readonly instance: Instance; readonly message: InboundMessage; readonly now: Date };

/**
 * Answers what people write to one instance: the reply goes into the outbox, once for each message however often it is
 * told. Messages of one chat must come one after the other.
 */
export class Bot {
  readonly #ref: InstanceRef;
  readonly #deps: BotDeps;
  readonly #rules: KnownRules;

  constructor({ accountId, instanceId }: InstanceRef, deps: BotDeps) {
    this.#ref = { accountId, instanceId };
    this.#deps = deps;
    this.#rules = new KnownRules(deps.keywords, 1);
  }

  /** Rejects when the table is away: the message is to be brought again. */
  async answer(message: InboundMessage): Promise<void> {
    // `decideReply` says the same of our own messages, but after three reads for each.
    if (message.fromMe) return;
    const { instances, botChats, now } = this.#deps;
    const [instance, rules, history] = await Promise.all([
      instances.get(this.#ref),
      this.#rules.of(this.#ref.instanceId),
      botChats.get(this.#chatOf(message)),
    ]);
    if (instance === undefined || decideSend(instance).kind === 'refuse') return;
    const asked = { instance, message, now: now() };
    const answer = this.#decide(toQuestion(asked, { rules, history }));
    if (answer !== undefined) await this.#actOn(answer, asked, history);
  }

  async #actOn(answer: Answer, asked: Asked, history: ChatHistory = NO_HISTORY): Promise<void> {
    const { botChats, log } = this.#deps;
    const { decision } = answer;
    const { instanceId } = this.#ref;
    const chat = this.#chatOf(asked.message);
    const after = historyAfter(decision, history, asked.now);
    switch (answer.kind) {
      case 'send':
        return await this.#accept(answer.content, asked, after);
      case 'silent':
        // What is silent for any other reason leaves nothing to remember.
        if (answer.decision.pauseUntil) await botChats.keep(chat, after, asked.now);
        return;
      case 'unsendable': {
        const keywordId = answer.decision.rule?.keywordId;
        log.warn({ instanceId, keywordId }, 'The bot has a reply that cannot be sent.');
        return;
      }
    }
  }

  async #accept(content: MessageContent, asked: Asked, after: ChatHistory): Promise<void> {
    const { botChats, ring, newId } = this.#deps;
    const { instance, message, now } = asked;
    const chat = this.#chatOf(message);
    const draft = { chatId: chat.chatId, content: withQuote(content, message) };
    const validUntil = new Date(now.getTime() + VALID_S_DEFAULT * 1_000).toISOString();
    const acceptance = {
      drafts: [draft],
      times: { validUntil },
      call: this.#callOf(message),
      besides: [botChats.keepOp(chat, after, now)],
    };
    await acceptMessages(instance, acceptance, { ...this.#deps, newUlid: newId });
    // One that was accepted before, too: whoever did so may have come no further.
    ring();
  }

  /** The same question has the same fault each time: to bring the message again would help nobody. */
  #decide(question: Question): Answer | undefined {
    const { instanceId } = this.#ref;
    try {
      return decideAnswer(question);
    } catch (err) {
      this.#deps.log.error({ err, instanceId }, 'The bot could not decide what to answer.');
      return undefined;
    }
  }

  #chatOf({ chat }: InboundMessage) {
    return { instanceId: this.#ref.instanceId, chatId: toChatId(chat) };
  }

  /** The hash of a customer's key is hex digits alone: none is like this. */
  #callOf(message: InboundMessage) {
    const { instanceId } = this.#ref;
    const digest = createHash('sha256').update(nameOf(message)).digest('hex');
    const keyHash = `bot-${digest}`;
    return { instanceId, keyHash, fingerprint: digest, keptS: ANSWERED_KEPT_S };
  }
}

/** By the addresses that WhatsApp used: they stay as they are when the number behind one is learnt. */
function nameOf({ remoteJid, participant = '', waId }: InboundMessage): string {
  return [remoteJid, participant, waId].join('|');
}

function toQuestion(
  { instance, message, now }: Asked,
  known: Pick<Question, 'rules' | 'history'>,
): Question {
  const { name, phone } = message.sender;
  return {
    ...known,
    instance,
    message: toBotMessage(message),
    name,
    number: phone,
    seed: nameOf(message),
    now,
  };
}

/** Where many talk, a reply shows what it answers. */
function withQuote(content: MessageContent, { chat, waId }: InboundMessage): MessageContent {
  if (chat.kind !== 'group') return content;
  const context = { quoted: { waId, chatId: toChatId(chat), fromMe: false } };
  return { ...content, ...context };
}
