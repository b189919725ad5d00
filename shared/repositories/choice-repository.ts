import * as z from 'zod';
import type { Message } from '../domain/message.ts';
import { Choice } from '../domain/message-content.ts';
import type { Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { keys } from './keys.ts';

/** A number that comes later means something else. */
const KEPT_S = 24 * 3_600;

const StoredChoices = z.object({ choices: z.array(Choice) });

/** What the last message to each chat offered to choose from. */
export class ChoiceRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async keep({ instanceId, chatId }: Message, choices: readonly Choice[], at: Date): Promise<void> {
    const expiresAt = Math.ceil(at.getTime() / 1_000) + KEPT_S;
    await this.#table.write({
      kind: 'put',
      item: { ...toAttributes({ choices }), ...keys.choices(instanceId, chatId), expiresAt },
    });
  }

  async get(instanceId: string, chatId: string): Promise<readonly Choice[]> {
    const item = await this.#table.get(keys.choices(instanceId, chatId));
    return item ? StoredChoices.parse(item).choices : [];
  }
}
