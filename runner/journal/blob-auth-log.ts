import { AlreadyExists, type Blobs } from '#shared/storage/blobs.ts';
import { type AuthLog, LogOvertaken } from './auth-log.ts';
import { applyChanges, type Changes, decodeChanges, encodeChanges } from './changes.ts';

const SEQ_DIGITS = 12;

/**
 * An `AuthLog` on `Blobs`: one blob a record, put only where nothing is, and now and then a snapshot.
 *
 *   auth/<instance>/log/<seq>        auth/<instance>/snapshot/<seq>
 */
export class BlobAuthLog implements AuthLog {
  readonly #blobs: Blobs;
  readonly #prefix: string;

  constructor(blobs: Blobs, instanceId: string) {
    this.#blobs = blobs;
    this.#prefix = `auth/${instanceId}/`;
  }

  async load(): Promise<{ state: Changes; seq: number }> {
    const snapshot = (await this.#seqs('snapshot')).at(-1) ?? 0;
    const state: Changes = snapshot === 0 ? {} : await this.#read('snapshot', snapshot);
    let seq = snapshot;
    for (const next of await this.#seqs('log')) {
      if (next <= snapshot) continue;
      applyChanges(state, await this.#read('log', next));
      seq = next;
    }
    return { state, seq };
  }

  async append(seq: number, changes: Changes): Promise<void> {
    try {
      await this.#blobs.putIfAbsent(this.#key('log', seq), encodeChanges(changes));
    } catch (cause) {
      if (cause instanceof AlreadyExists) throw new LogOvertaken(seq, { cause });
      throw cause;
    }
  }

  async compact(seq: number, state: Changes): Promise<void> {
    await this.#blobs.put(this.#key('snapshot', seq), encodeChanges(state));
    for (const kind of ['log', 'snapshot'] as const) {
      const covered = (await this.#seqs(kind)).filter((old) =>
        kind === 'log' ? old <= seq : old < seq,
      );
      for (const old of covered) await this.#blobs.delete(this.#key(kind, old));
    }
  }

  /** An empty snapshot covers everything before anything is deleted: a crash leaves the whole state, or nothing. */
  async erase(): Promise<void> {
    const newest = [...(await this.#seqs('log')), ...(await this.#seqs('snapshot'))];
    const seq = Math.max(0, ...newest) + 1;
    await this.compact(seq, {});
    await this.#blobs.delete(this.#key('snapshot', seq));
  }

  async #seqs(kind: 'log' | 'snapshot'): Promise<number[]> {
    const prefix = `${this.#prefix}${kind}/`;
    const seqs: number[] = [];
    for await (const key of this.#blobs.list(prefix)) seqs.push(Number(key.slice(prefix.length)));
    return seqs;
  }

  async #read(kind: 'log' | 'snapshot', seq: number): Promise<Changes> {
    const bytes = await this.#blobs.get(this.#key(kind, seq));
    if (bytes === undefined) throw new Error(`The auth ${kind} ${seq} is gone.`);
    return decodeChanges(bytes);
  }

  #key(kind: 'log' | 'snapshot', seq: number): string {
    return `${this.#prefix}${kind}/${String(seq).padStart(SEQ_DIGITS, '0')}`;
  }
}
