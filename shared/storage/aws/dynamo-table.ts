import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { decodeCursor, encodeCursor, positionOf } from '../rules/cursor.ts';
import { checkKey, checkOps, hasExpired, pageLimit } from '../rules/table-rules.ts';
import {
  ConditionFailed,
  type Item,
  type Key,
  type Page,
  type Query,
  type Table,
  type UpdateOp,
  type WriteOp,
} from '../table.ts';
import { decodeItem, encodeItem } from './attribute-value.ts';
import type { DynamoClient } from './dynamo-client.ts';
import { isPassing, refusedOp } from './dynamo-fault.ts';
import type { Lazy } from './lazy.ts';
import { followsLostAnswer } from './lost-answers.ts';
import { toQueryRequest } from './query-request.ts';
import { type Ambient, retryPassing } from './retry-passing.ts';
import { UnknownOutcome } from './unknown-outcome.ts';
import { toDelete, toPut, toTransactItem, toUpdate } from './write-request.ts';

/**
 * The `Table` port on one DynamoDB table (keys `pk` and `sk`, index `gsi1`, TTL on `expiresAt`).
 *
 * The SDK's retries are safe for a transaction, which carries a token. A single write has none: an `add` of which the
 * answer was lost may count twice, and a condition may refuse what it let through the first time. After such a refusal
 * a `put` looks at the item that is there: its own says that it is done, another that it was refused. An update or
 * a delete cannot tell, and throws `UnknownOutcome`.
 */
export class DynamoTable implements Table {
  readonly #client: Lazy<DynamoClient>;
  readonly #tableName: string;
  readonly #ambient: Ambient;

  constructor(client: Lazy<DynamoClient>, tableName: string, ambient: Ambient) {
    this.#client = client;
    this.#tableName = tableName;
    this.#ambient = ambient;
  }

  async get(key: Key): Promise<Item | undefined> {
    checkKey(key);
    const { pk, sk } = key;
    const client = await this.#client.get();
    const request = { TableName: this.#tableName, Key: encodeItem({ pk, sk }) };
    const { Item: stored } = await client.get({ ...request, ConsistentRead: true });
    return stored === undefined ? undefined : this.#visible(decodeItem(stored))[0];
  }

  async query(query: Query): Promise<Page> {
    const limit = pageLimit(query.limit);
    const after = query.cursor === undefined ? undefined : startOf(query, query.cursor);
    const request = toQueryRequest(query, { tableName: this.#tableName, after, limit });
    if (request === undefined) return { items: [] };
    const client = await this.#client.get();
    const { Items = [], LastEvaluatedKey: last } = await client.query(request);
    const items = Items.flatMap((stored) => this.#visible(decodeItem(stored)));
    if (last === undefined) return { items };
    return { items, cursor: encodeCursor(query, positionOf(query, decodeItem(last))) };
  }

  async write(...ops: readonly WriteOp[]): Promise<void> {
    checkOps(ops);
    const [first] = ops;
    if (ops.length === 1 && first !== undefined && first.kind !== 'check') {
      return await this.#writeOne(first);
    }
    const TransactItems = ops.map((op) => toTransactItem(op, this.#tableName));
    await this.#send((client) => client.transact({ TransactItems }));
  }

  async update(op: UpdateOp): Promise<Item> {
    checkOps([op]);
    const request = { ...toUpdate(op, this.#tableName), ReturnValues: 'ALL_NEW' } as const;
    const { Attributes } = await this.#send((client) => client.update(request));
    return decodeItem(Attributes ?? {});
  }

  /** Half the price of a transaction with one op. */
  async #writeOne(op: Exclude<WriteOp, { kind: 'check' }>): Promise<void> {
    switch (op.kind) {
      case 'put':
        return await this.#put(op.item, toPut(op, this.#tableName));
      case 'update':
        return void (await this.#send((client) => client.update(toUpdate(op, this.#tableName))));
      case 'delete':
        return void (await this.#send((client) => client.delete(toDelete(op, this.#tableName))));
    }
  }

  async #put(item: Item, request: ReturnType<typeof toPut>): Promise<void> {
    try {
      const asked = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
      await this.#send((client) => client.put({ ...request, ...asked }));
    } catch (cause) {
      if (!(cause instanceof UnknownOutcome)) throw cause;
      if (!isDone(item, cause.cause)) throw new ConditionFailed(0, { cause });
    }
  }

  async #send<T>(call: (client: DynamoClient) => Promise<T>): Promise<T> {
    const client = await this.#client.get();
    try {
      return await retryPassing(() => call(client), isPassing, this.#ambient);
    } catch (cause) {
      const opIndex = refusedOp(cause);
      if (opIndex === undefined) throw cause;
      if (isUncertain(cause)) throw new UnknownOutcome({ cause });
      throw new ConditionFailed(opIndex, { cause });
    }
  }

  #visible(item: Item): readonly Item[] {
    return hasExpired(item, this.#ambient.now().getTime()) ? [] : [item];
  }
}

/** A transaction is never uncertain: its token makes all attempts one. */
function isUncertain(fault: unknown): boolean {
  return fault instanceof ConditionalCheckFailedException && followsLostAnswer(fault);
}

/** Whether the item that made the condition fail is the one that was to be put. */
function isDone(item: Item, fault: unknown): boolean {
  if (!(fault instanceof ConditionalCheckFailedException) || fault.Item === undefined) return false;
  return isDeepStrictEqual(decodeItem(fault.Item), decodeItem(encodeItem(item)));
}

/** The keys of the item before the page. Throws `InvalidCursor`. */
function startOf(query: Query, cursor: string): Readonly<Record<string, string>> {
  const [first = '', pk = '', sk = ''] = decodeCursor(query, cursor);
  if (query.index === 'primary') return { pk: query.partition, sk: first };
  return { gsi1pk: query.partition, gsi1sk: first, pk, sk };
}
