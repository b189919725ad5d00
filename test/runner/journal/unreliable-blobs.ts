import type { Blobs, ListOptions } from '#shared/storage/blobs.ts';

/** What becomes of a write. */
export type Fate =
  | 'done'
  /** It is done, and nobody hears of it. */
  | 'answer_lost'
  /** Nobody hears of it, and it is done some time later. */
  | 'done_late'
  /** It arrives twice; the second answer is heard. */
  | 'done_twice'
  | 'not_done';

export const LOST = new Error('no answer');

export type Unreliability = {
  readonly fate: () => Fate;
  /** Waits for this call's turn, before and after it works. */
  readonly turn: (what: string) => Promise<void>;
  /** What is still to be done when the caller has given up. */
  readonly later: (work: Promise<void>) => void;
};

/** Blobs over a network that delays, repeats and loses. */
export function unreliableBlobs(blobs: Blobs, { fate, turn, later }: Unreliability): Blobs {
  const slowly = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    await turn(what);
    return await work();
  };
  return {
    ...readingOf(blobs),
    get: (key) => slowly('get', () => blobs.get(key)),
    put: (key, bytes) => slowly('put', () => blobs.put(key, bytes)),
    write: (key, source) => blobs.write(key, source),
    delete: (key) => slowly('delete', () => blobs.delete(key)),
    putIfAbsent: async (key, bytes) => {
      const put = () => slowly('put', () => blobs.putIfAbsent(key, bytes));
      switch (fate()) {
        case 'done':
          return await put();
        case 'answer_lost':
          await put().catch(() => undefined);
          throw LOST;
        case 'done_late':
          later(put().catch(() => undefined));
          throw LOST;
        case 'done_twice':
          await put();
          return await put();
        case 'not_done':
          throw LOST;
      }
    },
  };
}

/** The blobs of a process that is killed before its `changesMax + 1`th change. */
export function killedAfter(changesMax: number, blobs: Blobs): Blobs {
  let changes = 0;
  const counted = async <T>(change: () => Promise<T>): Promise<T> => {
    changes += 1;
    if (changes > changesMax) throw LOST;
    return await change();
  };
  return {
    ...readingOf(blobs),
    put: (key, bytes) => counted(() => blobs.put(key, bytes)),
    write: (key, source) => counted(() => blobs.write(key, source)),
    putIfAbsent: (key, bytes) => counted(() => blobs.putIfAbsent(key, bytes)),
    delete: (key) => counted(() => blobs.delete(key)),
  };
}

function readingOf(blobs: Blobs) {
  return {
    get: (key: string) => blobs.get(key),
    stat: (key: string) => blobs.stat(key),
    read: (key: string) => blobs.read(key),
    list: (prefix: string, options?: ListOptions) => blobs.list(prefix, options),
    presignUpload: blobs.presignUpload.bind(blobs),
    presignDownload: blobs.presignDownload.bind(blobs),
  };
}
