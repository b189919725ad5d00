import { OutboxWorker } from '#runner/outbound/outbox-worker.ts';
import type { Message } from '#shared/domain/message.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { aMessage, anInstance } from '../records.ts';
import { silentLog } from '../silent-log.ts';

export const instance = anInstance();

/** An outbox worker over a real table, with nothing accepted yet. */
export async function outboxAtWork() {
  const { storage, clock } = await openForTest();
  const messages = new MessageRepository(storage.table);
  const sleep = new ManualSleep();
  const failed: Message[] = [];
  const metrics = recordedMetrics();
  const worker = new OutboxWorker(instance.instanceId, {
    messages,
    onFailed: (message) => failed.push(message),
    now: clock.now,
    sleep: sleep.sleep,
    metrics,
    log: silentLog,
  });
  let count = 0;
  return {
    messages,
    worker,
    sleep,
    failed,
    metrics,
    clock,
    /** Accepts so many texts, later ones after those before. */
    async accept(howMany: number): Promise<Message[]> {
      const accepted: Message[] = [];
      for (let n = 0; n < howMany; n += 1) {
        count += 1;
        const message = aMessage(instance, count);
        await messages.accept([message]);
        accepted.push(message);
      }
      return accepted;
    },
    /** The server takes the message: what `Acknowledgements` does. */
    async acknowledge({ messageId, instanceId, waId }: Message): Promise<void> {
      await messages.finish({ messageId, instanceId }, { to: 'SENT', at: clock.now() });
      worker.settle(waId);
    },
    stateOf: async ({ messageId }: Message) => (await messages.get(messageId))?.state,
  };
}

export const waIds = (messages: readonly Message[]) => messages.map(({ waId }) => waId);
