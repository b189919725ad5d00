import * as z from 'zod';
import type { Table } from '../storage/table.ts';
import { keys } from './keys.ts';

const StoredNumber = z.object({ phone: z.string() });

/** Which phone number is behind a LID, as far as an instance has learnt it. */
export class LidRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The number in international form, digits alone. */
  async phoneOf(instanceId: string, lid: string): Promise<string | undefined> {
    const item = await this.#table.get(keys.lid(instanceId, lid));
    return item && StoredNumber.parse(item).phone;
  }

  async keep(instanceId: string, { lid, phone }: { lid: string; phone: string }): Promise<void> {
    await this.#table.write({ kind: 'put', item: { ...keys.lid(instanceId, lid), phone } });
  }
}
