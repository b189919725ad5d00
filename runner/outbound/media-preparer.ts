import type { Logger } from 'pino';
import type { Message } from '#shared/domain/message.ts';
import { isMedia } from '#shared/domain/message-content.ts';
import type { MessageRepository } from '#shared/repositories/message-repository.ts';
import { UrlUnavailable } from '../media/media-failed.ts';
import type { PrepareOutcome } from '../media/prepare-media.ts';
import { RecentIds } from '../recent-ids.ts';
import type { WhatsAppSocket } from '../session/whatsapp-socket.ts';
import type { GiveUp } from './give-up.ts';

/** Files of one session on their way to WhatsApp at the same time. */
const UNDER_WAY_MAX = 2;
/** After so many faults that might have passed, it is the file's own. */
const TRIES_MAX = 5;
const RETRY_DELAY_MS = 1_000;
/** Ready and not sent yet, as far as is remembered: of others the record is read again. */
const READY_KNOWN_MAX = 1_000;

const URL_AWAY = { code: 'media_url_failed', message: 'The URL could not be reached.' };
const NOT_HANDED_OVER = {
  code: 'media_failed',
  message: 'The file could not be handed to WhatsApp.',
};

export type PrepareMedia = (message: Message, socket: WhatsAppSocket) => Promise<PrepareOutcome>;

export type MediaPreparerDeps = {
  readonly messages: MessageRepository;
  readonly prepare: PrepareMedia;
  readonly giveUp: GiveUp;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
};

/**
 * Brings the files of waiting messages to WhatsApp before it is their turn, so that a large one holds up nobody but
 * its own chat. What is ready is in the record of its message, and need not be done again.
 */
export class MediaPreparer {
  readonly #deps: MediaPreparerDeps;
  /** One that is canceled is not told of here. */
  readonly #ready = new RecentIds(READY_KNOWN_MAX);
  readonly #underWay = new Set<string>();

  constructor(deps: MediaPreparerDeps) {
    this.#deps = deps;
  }

  /** Whether the message can go out as far as its file is concerned. */
  isReady(messageId: string): boolean {
    return this.#ready.has(messageId);
  }

  /** The message has gone, or was given up. */
  forget(messageId: string): void {
    this.#ready.delete(messageId);
  }

  /**
   * Begins with the file of a message, unless it is under way already or there are too many. `onDone` is called when
   * there may be something to send: one is ready, or was given up.
   */
  start(messageId: string, socket: WhatsAppSocket, onDone: () => void, signal: AbortSignal): void {
    if (this.#underWay.has(messageId) || this.#underWay.size >= UNDER_WAY_MAX) return;
    this.#underWay.add(messageId);
    void this.#prepareWithPatience(messageId, socket, signal)
      .catch((err: unknown) => {
        if (!signal.aborted) this.#deps.log.error({ err, messageId }, 'A file was not prepared.');
      })
      .finally(() => {
        this.#underWay.delete(messageId);
        onDone();
      });
  }

  async #prepareWithPatience(
    messageId: string,
    socket: WhatsAppSocket,
    signal: AbortSignal,
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#prepareOnce(messageId, socket);
        return;
      } catch (err) {
        if (signal.aborted || !socket.isOpen) return;
        this.#deps.log.warn({ err, messageId, tries }, 'A file could not be prepared.');
        if (tries >= TRIES_MAX) return await this.#giveUp(messageId, err);
        await this.#deps.sleep(RETRY_DELAY_MS * 2 ** (tries - 1), signal);
      }
    }
  }

  async #prepareOnce(messageId: string, socket: WhatsAppSocket): Promise<void> {
    const { messages, prepare, giveUp } = this.#deps;
    const message = await messages.get(messageId);
    if (message === undefined || !isMedia(message.content)) return;
    if (message.upload === undefined) {
      const outcome = await prepare(message, socket);
      if (outcome.kind === 'failed') {
        const { code, message: words } = outcome;
        await giveUp(message, { to: 'FAILED', failure: { code, message: words } });
        return;
      }
      const { upload, fileName } = outcome;
      await messages.keepUpload(messageId, { ...upload, ...(fileName && { fileName }) });
    }
    this.#ready.add(messageId);
  }

  async #giveUp(messageId: string, err: unknown): Promise<void> {
    const message = await this.#deps.messages.get(messageId);
    if (message === undefined) return;
    const failure = err instanceof UrlUnavailable ? URL_AWAY : NOT_HANDED_OVER;
    await this.#deps.giveUp(message, { to: 'FAILED', failure });
  }
}
