import type { Logger } from 'pino';
import type { Message, MessageFailure } from '#shared/domain/message.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { MessageRepository, MessageStep } from '#shared/repositories/message-repository.ts';
import type { Receipt, ServerAck } from '../session/whatsapp-socket.ts';
import { withPatience } from '../with-patience.ts';
import { countEnded } from './count-ended.ts';
import { textInstead } from './native-fallback.ts';
import type { OutboxWorker } from './outbox-worker.ts';

export type AcknowledgementDeps = {
  readonly messages: MessageRepository;
  readonly outbox: Pick<OutboxWorker, 'find' | 'settle' | 'ring'>;
  /** The message has come further. In order, for each message. */
  readonly onAdvanced: (message: Message) => Promise<void>;
  readonly now: () => Date;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
};

const TRIES_MAX = 4;

/** What WhatsApp's codes of refusal mean, in plain words. Others are told by their number alone. */
const REFUSALS: Readonly<Record<string, string>> = {
  '404': 'The recipient is not on WhatsApp.',
  '463': 'WhatsApp does not let this number start new chats now.',
  '479': 'WhatsApp refused the message as malformed or addressed to a stale device.',
};

/** Takes WhatsApp's acknowledgements and receipts into the records of an instance's messages, in the order told. */
export class Acknowledgements {
  readonly #instanceId: string;
  readonly #deps: AcknowledgementDeps;
  #tail: Promise<void> = Promise.resolve();

  constructor(instanceId: string, deps: AcknowledgementDeps) {
    this.#instanceId = instanceId;
    this.#deps = deps;
  }

  onAck({ waId, error }: ServerAck): void {
    if (error === undefined) this.#enqueue(waId, { to: 'SENT' });
    else this.#enqueue(waId, { to: 'FAILED', failure: toFailure(error) });
  }

  onReceipt({ waIds, state }: Receipt): void {
    for (const waId of waIds) this.#enqueue(waId, { to: state });
  }

  /** Resolves when all that was told is in the table. */
  async idle(): Promise<void> {
    await this.#tail;
  }

  #enqueue(waId: string, step: Omit<MessageStep, 'at'>): void {
    const at = this.#deps.now();
    this.#tail = this.#tail
      .then(() => this.#takeWithPatience(waId, { ...step, at }))
      .catch((err: unknown) => {
        this.#deps.log.error({ err, instanceId: this.#instanceId }, 'An acknowledgement was lost.');
      });
  }

  /** The table may be away for a moment, and WhatsApp says a thing once. Those behind it wait, so that the order holds. */
  async #takeWithPatience(waId: string, step: MessageStep): Promise<void> {
    const { sleep } = this.#deps;
    const take = async (tries: number) => await this.#take(waId, step, tries > 1);
    await withPatience(take, { triesMax: TRIES_MAX, sleep });
  }

  async #take(waId: string, step: MessageStep, isAgain: boolean): Promise<void> {
    const { messages, outbox, onAdvanced, metrics } = this.#deps;
    const message = outbox.find(waId) ?? (await messages.getByWaId(waId, this.#instanceId));
    // Word on buttons that have gone out as text since says nothing of the text.
    if (message?.waId !== waId) return;
    if (await this.#sendAsText(message, step)) return;
    const advanced = await messages.finish(message, step);
    outbox.settle(waId);
    if (advanced !== undefined) {
      countEnded({ before: message, after: advanced, at: step.at }, metrics);
      return await onAdvanced(advanced);
    }
    // An earlier try may have written it and told nobody. Told twice, it is recorded once.
    const current = isAgain ? await messages.get(message.messageId) : undefined;
    if (current?.state === step.to) await onAdvanced(current);
  }

  /** Buttons that WhatsApp refuses go out again as text. */
  async #sendAsText(message: Message, { failure }: MessageStep): Promise<boolean> {
    const instead = failure && textInstead(message, failure.code);
    if (instead === undefined) return false;
    const { messages, outbox } = this.#deps;
    if ((await messages.replaceContent(message, instead)) === undefined) return false;
    outbox.settle(message.waId);
    outbox.ring();
    return true;
  }
}

function toFailure(code: string): MessageFailure {
  return { code, message: REFUSALS[code] ?? `WhatsApp refused the message (${code}).` };
}
