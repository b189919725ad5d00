import { Command, type CommandAnswer } from '../domain/command.ts';
import type { Condition, Table } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { keys } from './keys.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** Nobody waits for an answer so long. */
const KEPT_S = 300;

const StoredCommand = withoutTableKeys.pipe(Command);
const UNANSWERED: Condition = {
  kind: 'and',
  all: [
    { kind: 'present', field: 'pk' },
    { kind: 'absent', field: 'answer' },
  ],
};

/** What sessions are asked to do at once, and what they answered. */
export class CommandRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async ask(instanceId: string, command: Command, at: Date): Promise<void> {
    const expiresAt = Math.ceil(at.getTime() / 1_000) + KEPT_S;
    const key = keys.command(instanceId, command.commandId);
    await this.#table.write({ kind: 'put', item: { ...toAttributes(command), ...key, expiresAt } });
  }

  async get(instanceId: string, commandId: string): Promise<Command | undefined> {
    const item = await this.#table.get(keys.command(instanceId, commandId));
    return item && StoredCommand.parse(item);
  }

  /** The first answer counts. */
  async answer(instanceId: string, commandId: string, answer: CommandAnswer): Promise<void> {
    await writeUnlessRefused(this.#table, {
      kind: 'update',
      key: keys.command(instanceId, commandId),
      set: toAttributes({ answer }),
      condition: UNANSWERED,
    });
  }
}
