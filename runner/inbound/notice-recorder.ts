import type { Logger } from 'pino';
import type { Instance } from '#shared/domain/instance.ts';
import { toEventData } from '../webhooks/event-data.ts';
import type { EventRecorder } from '../webhooks/event-recorder.ts';
import { withPatience } from '../with-patience.ts';
import type { Notice } from './notice.ts';
import { noticeEvents } from './notice-events.ts';

const TRIES_MAX = 5;

export type NoticeDeps = {
  readonly events: EventRecorder;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly log: Logger;
};

/** Turns what WhatsApp tells one instance beside messages into events, in the order told. */
export class NoticeRecorder {
  readonly #instance: Instance;
  readonly #deps: NoticeDeps;
  #tail: Promise<void> = Promise.resolve();

  constructor(instance: Instance, deps: NoticeDeps) {
    this.#instance = instance;
    this.#deps = deps;
  }

  /** The table may be away for a moment; what cannot be recorded then is lost, and logged. */
  take(notice: Notice): void {
    const { sleep, log } = this.#deps;
    const record = async () => await this.#record(notice);
    this.#tail = this.#tail
      .then(() => withPatience(record, { triesMax: TRIES_MAX, sleep }))
      .catch((err: unknown) => {
        const { instanceId } = this.#instance;
        log.error({ err, instanceId, kind: notice.kind }, 'A notice was lost.');
      });
  }

  /** Resolves when all that was told is recorded. */
  async idle(): Promise<void> {
    await this.#tail;
  }

  async #record(notice: Notice): Promise<void> {
    const { at, key } = notice;
    for (const { event, data, isFleeting = false } of noticeEvents(notice)) {
      const happening = { event, at, key, data: toEventData(data), isFleeting };
      await this.#deps.events.record(this.#instance, happening);
    }
  }
}
