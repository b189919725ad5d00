import { ReceivedMessage } from '../domain/received-message.ts';
import type { Condition, Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { keys } from './keys.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** As long as WhatsApp lets a message be answered in earnest. */
const KEPT_S = 14 * 24 * 3_600;

const StoredReceived = withoutTableKeys.pipe(ReceivedMessage);
const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

/** The messages that reached instances, of the last two weeks. */
export class ReceivedRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** What is there already stays: WhatsApp may tell a message twice, and the second time tell less of it. */
  async keep(message: ReceivedMessage): Promise<void> {
    const expiresAt = Math.ceil(new Date(message.at).getTime() / 1_000) + KEPT_S;
    await writeUnlessRefused(this.#table, {
      kind: 'put',
      item: {
        ...toAttributes(message),
        ...keys.received(message.instanceId, message.waId),
        expiresAt,
      },
      condition: NOT_THERE,
    });
  }

  async get(instanceId: string, waId: string): Promise<ReceivedMessage | undefined> {
    const item = await this.#table.get(keys.received(instanceId, waId));
    return item && StoredReceived.parse(item);
  }
}
