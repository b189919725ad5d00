import {
  type DataKey,
  type KeyContext,
  KeyRefused,
  type KeyWrap,
} from '#shared/storage/key-wrap.ts';
import type { Chance } from '../time/chance.ts';

const KEY_BYTES = 32;

/** The `KeyWrap` port in memory: what it wraps is only marked. */
export class MemoryKeyWrap implements KeyWrap {
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  async generate({ instanceId }: KeyContext): Promise<DataKey> {
    const key = Buffer.from(this.#chance.hex(2 * KEY_BYTES), 'hex');
    return { key, wrapped: Buffer.concat([Buffer.from(instanceId), key]) };
  }

  async unwrap(wrapped: Uint8Array, { instanceId }: KeyContext): Promise<Uint8Array> {
    const context = Buffer.from(wrapped.subarray(0, -KEY_BYTES)).toString();
    if (context !== instanceId) throw new KeyRefused();
    return wrapped.subarray(-KEY_BYTES);
  }
}
