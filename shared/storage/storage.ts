import type { Blobs } from './blobs.ts';
import type { Queue, QueueSettings } from './queue.ts';
import type { Table } from './table.ts';

/** The three ports of one home, opened together. */
export interface Storage {
  readonly table: Table;
  readonly blobs: Blobs;
  /** The queue of this name, made when it is not there. */
  openQueue(settings: QueueSettings): Queue;
  close(): Promise<void>;
}
