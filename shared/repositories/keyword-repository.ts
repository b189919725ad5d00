import * as z from 'zod';
import { KeywordRule } from '../bot/keyword-rule.ts';
import type { Condition, Table, UpdateOp, WriteOp } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { createIfRoom } from './counted.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { type PageWanted, readNewest } from './read-newest.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** A runner has all rules of an instance in memory, and goes through them for each message. */
export const KEYWORD_RULES_MAX = 1_000;

const StoredRule = withoutTableKeys.pipe(KeywordRule);
const StoredVersion = z.object({ version: z.int() });

const THERE: Condition = { kind: 'present', field: 'pk' };
const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };

export type KeywordRef = Pick<KeywordRule, 'instanceId' | 'keywordId'>;

/** `cursor` is there when more rules may follow. */
type RulePage = { readonly rules: readonly KeywordRule[]; readonly cursor?: string };

/**
 * The keyword rules of instances. A small item beside them counts them, and has another version after each change: who
 * has read the rules at one version knows by that item alone whether they still hold.
 */
export class KeywordRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `full` when the instance has as many rules as it may. */
  async create(rule: KeywordRule): Promise<'created' | 'full'> {
    const put: WriteOp = { ...putOp(rule), condition: NOT_THERE };
    const op = changeOp(rule.instanceId, 1);
    return await createIfRoom(this.#table, put, { op, field: 'rules', max: KEYWORD_RULES_MAX });
  }

  async get({ instanceId, keywordId }: KeywordRef): Promise<KeywordRule | undefined> {
    const item = await this.#table.get(keys.keyword(instanceId, keywordId));
    return item && StoredRule.parse(item);
  }

  /** A page of an instance's, newest first; `limit` is 1 to 1,000. Throws `InvalidCursor`. */
  async list(instanceId: string, page: PageWanted): Promise<RulePage> {
    const { items, ...next } = await readNewest(this.#table, keys.keyword(instanceId, ''), page);
    return { rules: items.map((item) => StoredRule.parse(item)), ...next };
  }

  /** Every rule of an instance, the oldest first. */
  async all(instanceId: string): Promise<KeywordRule[]> {
    const { pk: partition, sk: prefix } = keys.keyword(instanceId, '');
    const rules: KeywordRule[] = [];
    const query = { index: 'primary', partition, sort: { kind: 'prefix', prefix } } as const;
    for await (const item of readAll(this.#table, query)) rules.push(StoredRule.parse(item));
    return rules;
  }

  /** Another after each change of a rule; 0 before the first. Read it before the rules that it is to stand for. */
  async version(instanceId: string): Promise<number> {
    const item = await this.#table.get(keys.keywords(instanceId));
    return item ? StoredVersion.parse(item).version : 0;
  }

  /** Puts the whole rule in place of the one of its id; `false` when that is not there. */
  async replace(rule: KeywordRule): Promise<boolean> {
    const put = { ...putOp(rule), condition: THERE };
    return await writeUnlessRefused(this.#table, changeOp(rule.instanceId, 0), put);
  }

  /** `false` when the instance has no such rule. */
  async remove({ instanceId, keywordId }: KeywordRef): Promise<boolean> {
    return await writeUnlessRefused(this.#table, changeOp(instanceId, -1), {
      kind: 'delete',
      key: keys.keyword(instanceId, keywordId),
      condition: THERE,
    });
  }
}

function putOp(rule: KeywordRule) {
  const key = keys.keyword(rule.instanceId, rule.keywordId);
  return { kind: 'put', item: { ...toAttributes(rule), ...key } } as const;
}

/** Never alone: a transaction of several ops adds once. */
function changeOp(instanceId: string, more: number): UpdateOp {
  return { kind: 'update', key: keys.keywords(instanceId), add: { version: 1, rules: more } };
}
