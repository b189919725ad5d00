import { describe } from 'vitest';
import type { Queue, QueueSettings } from '#shared/storage/queue.ts';
import { deliveryCases } from './queue/delivery-cases.ts';
import { orderCases } from './queue/order-cases.ts';
import { waitCases } from './queue/wait-cases.ts';

export type OpenedQueue = {
  readonly queue: Queue;
  /** The same queue through another handle, as another process would hold it. */
  readonly other: Queue;
  close(): Promise<void>;
};

/** Opens an empty queue with a name that no other test uses. */
export type OpenQueue = (settings: Omit<QueueSettings, 'name'>) => Promise<OpenedQueue>;

/**
 * What every home's `Queue` does. Times are whole seconds, because those of SQS are, and nothing is said of how many
 * messages one receive gives. The cases run side by side, because they mostly wait.
 */
export function queueContract(name: string, open: OpenQueue): void {
  describe.concurrent(name, () => {
    describe.concurrent('order', () => orderCases(open));
    describe.concurrent('delivery', () => deliveryCases(open));
    describe.concurrent('waiting', () => waitCases(open));
  });
}
