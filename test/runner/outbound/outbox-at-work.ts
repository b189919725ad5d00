import type { PrepareMedia } from '#runner/outbound/media-preparer.ts';
import type { WhatsAppSocket } from '#runner/session/whatsapp-socket.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Message } from '#shared/domain/message.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { aChatBook } from '../a-chat-book.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { aMessage, anInstance } from '../records.ts';
import { silentLog } from '../silent-log.ts';
import { anOutbox } from './an-outbox.ts';

export const instance = anInstance();

/** An outbox worker over a real table, with nothing accepted yet. */
export async function outboxAtWork(
  options: { instance?: Partial<Instance>; prepareMedia?: PrepareMedia } = {},
) {
  const { storage, clock } = await openForTest();
  const { chats } = await aChatBook(storage.authBlobs);
  const sleep = new ManualSleep();
  const failed: Message[] = [];
  const metrics = recordedMetrics();
  const changed = { ...instance, ...options.instance };
  const parts = anOutbox(changed, {
    table: storage.table,
    now: clock.now,
    sleep: sleep.sleep,
    metrics,
    log: silentLog,
    onGivenUp: (message) => failed.push(message),
    ...(options.prepareMedia && { prepareMedia: options.prepareMedia }),
  });
  const { messages, worker } = parts;
  let count = 0;
  const acceptOne = async (changes: Partial<Message> = {}) => {
    count += 1;
    const message = aMessage(instance, count, changes);
    await messages.accept([message]);
    return message;
  };
  return {
    ...parts,
    instance: changed,
    table: storage.table,
    chats,
    sleep,
    failed,
    metrics,
    clock,
    attach: (socket: WhatsAppSocket) => worker.attach(socket, chats),
    acceptOne,
    /** Accepts so many texts, later ones after those before. */
    async accept(howMany: number): Promise<Message[]> {
      const accepted: Message[] = [];
      for (let n = 0; n < howMany; n += 1) accepted.push(await acceptOne());
      return accepted;
    },
    /** The server takes the message: what `Acknowledgements` does. */
    async acknowledge(message: Message): Promise<void> {
      await messages.finish(message, { to: 'SENT', at: clock.now() });
      worker.settle(message.waId);
    },
    /** Has a pause between two tries go by, and looks before its end. */
    async afterPause(pauseMs: number, look: () => void): Promise<void> {
      await until('it waits', () => sleep.asleep.includes(pauseMs));
      look();
      clock.move(pauseMs);
      sleep.wake(pauseMs);
    },
    stateOf: async ({ messageId }: Message) => (await messages.get(messageId))?.state,
    /** The ids of what waits, in order. */
    waiting: async () =>
      (await Array.fromAsync(parts.outbox.all(instance.instanceId))).map(
        ({ messageId }) => messageId,
      ),
  };
}

export const waIds = (messages: readonly Message[]) => messages.map(({ waId }) => waId);
