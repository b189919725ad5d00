import type { Blobs } from './blobs.ts';
import type { KeyWrap } from './key-wrap.ts';
import type { Queue, QueueSettings } from './queue.ts';
import type { Table } from './table.ts';

/** The ports of one home, opened together. */
export interface Storage {
  readonly table: Table;
  /** What customers and phones send. */
  readonly mediaBlobs: Blobs;
  /** The queue of this name. The embedded home makes it when it is not there; on AWS the infrastructure has. */
  openQueue(settings: QueueSettings): Queue;
  close(): Promise<void>;
}

/** What a runner has besides: the auth state of its instances. The control plane cannot open it. */
export interface RunnerStorage extends Storage {
  readonly authBlobs: Blobs;
  /** For the keys under which the auth state is encrypted. */
  readonly keyWrap: KeyWrap;
}
