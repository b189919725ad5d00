import type { Logger } from 'pino';
import type { Instance } from '#shared/domain/instance.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import type { LidRepository } from '#shared/repositories/lid-repository.ts';
import type { ReceivedRepository } from '#shared/repositories/received-repository.ts';
import { RecentIds } from '../recent-ids.ts';
import { toEventData } from '../webhooks/event-data.ts';
import type { EventRecorder } from '../webhooks/event-recorder.ts';
import { withPatience } from '../with-patience.ts';
import type { EventMedia } from './event-media.ts';
import type { InboundMessage } from './inbound-message.ts';
import { type MessageEventDeps, messageEvents, messageKey } from './message-events.ts';

const TRIES_MAX = 5;
/** One that has let its chat go on is tried again so often, for as long as the socket lasts. */
const LATER_DELAY_MS = 30_000;
/** Of others the number is written again, when they write next. */
const LIDS_KNOWN_MAX = 2_000;

export type InboundDeps = MessageEventDeps & {
  readonly events: EventRecorder;
  readonly received: ReceivedRepository;
  readonly lids: LidRepository;
  /** Fetches the file of a message; what is wrong with it is part of the answer. `undefined` when there is none. */
  readonly fetchMedia: (message: InboundMessage) => Promise<EventMedia | undefined>;
  /** Lets the bot answer it, once however often it is asked. Rejects when it is to be asked again. */
  readonly answer: (message: InboundMessage) => Promise<void>;
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/**
 * Turns the messages that reach one instance into events, and then has the bot answer them, in their order within each
 * chat. A file that takes long holds up its chat alone.
 */
export class InboundRecorder {
  readonly #instance: Instance;
  readonly #deps: InboundDeps;
  /** The last of what is under way, by chat. */
  readonly #lanes = new Map<string, Promise<void>>();
  /** Aborts when nobody may wait for a file any more. */
  #leaving = new AbortController();
  /** LIDs whose number is in the table. */
  readonly #knownLids = new RecentIds(LIDS_KNOWN_MAX);

  constructor(instance: Instance, deps: InboundDeps) {
    this.#instance = instance;
    this.#deps = deps;
  }

  /**
   * `done` is called when the events are durable, and the bot's reply. A message that cannot be recorded for long lets its chat go on, and is
   * tried again until it can; what is left when the socket ends comes again with the next one.
   */
  take(message: InboundMessage, done: () => void): void {
    const chatId = toChatId(message.chat);
    const before = this.#lanes.get(chatId) ?? Promise.resolve();
    const work = before
      .then(() => this.#recordWithPatience(message))
      .then(done)
      .catch((err: unknown) => {
        const { instanceId } = this.#instance;
        if (this.#leaving.signal.aborted) return;
        this.#deps.log.error({ err, instanceId }, 'A message stays in the inbox.');
        void this.#recordLater(message, done);
      })
      .finally(() => {
        if (this.#lanes.get(chatId) === work) this.#lanes.delete(chatId);
      });
    this.#lanes.set(chatId, work);
  }

  /**
   * Resolves when all is recorded that can be without waiting for files. A message whose file is still on its way stays
   * in the inbox, and comes again with the next socket.
   */
  async leave(): Promise<void> {
    this.#leaving.abort();
    while (this.#lanes.size > 0) await Promise.all(this.#lanes.values());
    this.#leaving = new AbortController();
  }

  /** A socket may hold for weeks: who waits for the next one waits too long. */
  async #recordLater(message: InboundMessage, done: () => void): Promise<void> {
    const { sleep, log } = this.#deps;
    const { signal } = this.#leaving;
    for (;;) {
      await sleep(LATER_DELAY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#recordOnce(message, await this.#fetchMedia(message));
        return done();
      } catch (err) {
        const { instanceId } = this.#instance;
        log.warn({ err, instanceId }, 'A message is still in the inbox.');
      }
    }
  }

  /** The table may be away for a moment; later messages of the chat wait, so that the order holds. */
  async #recordWithPatience(message: InboundMessage): Promise<void> {
    const media = await this.#fetchMedia(message);
    const { sleep } = this.#deps;
    const record = async () => await this.#recordOnce(message, media);
    await withPatience(record, { triesMax: TRIES_MAX, sleep });
  }

  async #recordOnce(message: InboundMessage, media: EventMedia | undefined): Promise<void> {
    await this.#keep(message);
    await this.#record(message, media);
    await this.#deps.answer(message);
  }

  async #fetchMedia(message: InboundMessage): Promise<EventMedia | undefined> {
    if (message.content.media === undefined || !isKept(message)) return undefined;
    const { signal } = this.#leaving;
    signal.throwIfAborted();
    return await abortable(this.#deps.fetchMedia(message), signal);
  }

  /** What one needs of it to answer it, react to it or forward it. */
  async #keep(message: InboundMessage): Promise<void> {
    const { instanceId } = this.#instance;
    const { received } = this.#deps;
    for (const person of [message.sender, message.partner]) await this.#learn(person);
    if (!isKept(message)) return;
    const { waId, fromMe, remoteJid, participant, wire, at } = message;
    await received.keep({
      instanceId,
      waId,
      chatId: toChatId(message.chat),
      fromMe,
      remoteJid,
      ...(participant !== undefined && { participant }),
      at: at.toISOString(),
      wire,
    });
  }

  async #learn(person: InboundMessage['partner']): Promise<void> {
    const { phone, lid } = person ?? {};
    if (phone === undefined || lid === undefined || this.#knownLids.has(lid)) return;
    await this.#deps.lids.keep(this.#instance.instanceId, { lid, phone });
    this.#knownLids.add(lid);
  }

  async #record(message: InboundMessage, media: EventMedia | undefined): Promise<void> {
    const { instanceId } = this.#instance;
    const events = await messageEvents(instanceId, { message, media }, this.#deps);
    if (events.length === 0) this.#deps.log.debug({ instanceId }, 'A message tells nothing.');
    const key = messageKey(message);
    const happenings = events.map(({ event, data }) => {
      return { event, at: message.at, key, data: toEventData(data) };
    });
    await this.#deps.events.record(this.#instance, happenings);
  }
}

/** Nobody answers a status here, or what changes another message. */
function isKept({ act, via }: InboundMessage): boolean {
  return act === undefined && via !== 'status';
}

/** What the work answers; rejects when the signal aborts before. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
