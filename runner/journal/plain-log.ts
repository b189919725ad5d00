import type { Blobs } from '#shared/storage/blobs.ts';
import { applyChanges, type Changes, decodeChanges } from './changes.ts';

/**
 * The auth state as versions before the fenced journal kept it: JSON, not encrypted.
 *
 *   auth/<instance>/log/<seq>        auth/<instance>/snapshot/<seq>
 */
export class PlainLog {
  readonly #blobs: Blobs;
  readonly #prefix: string;

  constructor(blobs: Blobs, instanceId: string) {
    this.#blobs = blobs;
    this.#prefix = `auth/${instanceId}/`;
  }

  async keys(): Promise<string[]> {
    return await Array.fromAsync(this.#blobs.list(this.#prefix));
  }

  /** `undefined` when there is none. */
  async load(): Promise<Changes | undefined> {
    const keys = await this.keys();
    if (keys.length === 0) return undefined;
    const snapshot = keys.findLast((key) => key.startsWith(`${this.#prefix}snapshot/`));
    const covered = snapshot?.slice(`${this.#prefix}snapshot/`.length) ?? '';
    const state = snapshot === undefined ? {} : await this.#read(snapshot);
    const folder = `${this.#prefix}log/`;
    for (const key of keys) {
      if (!key.startsWith(folder) || key.slice(folder.length) <= covered) continue;
      applyChanges(state, await this.#read(key));
    }
    return state;
  }

  async #read(key: string): Promise<Changes> {
    const bytes = await this.#blobs.get(key);
    if (bytes === undefined) throw new Error('The old auth state was changed while it was read.');
    return decodeChanges(bytes);
  }
}
