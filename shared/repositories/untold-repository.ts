import { Untold, untoldKeyOf } from '../domain/untold.ts';
import type { Table, WriteOp } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { deleteAll } from './delete-all.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';

const StoredNote = withoutTableKeys.pipe(Untold);

/** What no event tells of yet. The changes themselves write the notes, and the events take them away. */
export class UntoldRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** All of an instance, those of one message in its order. Reads strongly. */
  async *list(instanceId: string): AsyncGenerator<Untold> {
    const { pk: partition } = keys.untold(instanceId, '');
    for await (const item of readAll(this.#table, { index: 'primary', partition })) {
      yield StoredNote.parse(item);
    }
  }

  /** There is nothing to tell. */
  async drop(instanceId: string, note: Untold): Promise<void> {
    await this.#table.write(toToldOp(instanceId, note));
  }

  /** Deletes all that an instance has here. */
  async purge(instanceId: string): Promise<void> {
    await deleteAll(this.#table, keys.untold(instanceId, '').pk);
  }
}

export function toUntoldOp(instanceId: string, note: Untold): WriteOp {
  return {
    kind: 'put',
    item: { ...toAttributes(note), ...keys.untold(instanceId, untoldKeyOf(note)) },
  };
}

export function toToldOp(instanceId: string, note: Untold): WriteOp {
  return { kind: 'delete', key: keys.untold(instanceId, untoldKeyOf(note)) };
}
