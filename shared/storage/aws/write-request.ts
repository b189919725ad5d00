import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { checkPlace, keyOf } from '../rules/table-rules.ts';
import type { Condition, UpdateOp, WriteOp } from '../table.ts';
import { encodeItem } from './attribute-value.ts';
import { toConditionExpression } from './condition-expression.ts';
import { Placeholders } from './placeholders.ts';
import { toUpdateExpression } from './update-expression.ts';

type Op<K extends WriteOp['kind']> = Extract<WriteOp, { kind: K }>;

/** The op as a part of a transaction. Throws a `TypeError` or `RangeError` for one that no home takes. */
export function toTransactItem(op: WriteOp, tableName: string): TransactWriteItem {
  switch (op.kind) {
    case 'put':
      return { Put: toPut(op, tableName) };
    case 'update':
      return { Update: toUpdate(op, tableName) };
    case 'delete':
      return { Delete: toDelete(op, tableName) };
    case 'check': {
      const placeholders = new Placeholders();
      const ConditionExpression = toConditionExpression(op.condition, placeholders);
      const Key = encodeItem(keyOf(op));
      const part = { TableName: tableName, Key, ConditionExpression, ...placeholders.toRequest() };
      return { ConditionCheck: part };
    }
  }
}

export function toPut({ item, condition }: Op<'put'>, tableName: string) {
  checkPlace(item);
  const placeholders = new Placeholders();
  const guard = toGuard(condition, placeholders);
  return { TableName: tableName, Item: encodeItem(item), ...guard, ...placeholders.toRequest() };
}

export function toUpdate(op: UpdateOp, tableName: string) {
  checkPlace(op.set ?? {});
  const placeholders = new Placeholders();
  const UpdateExpression = toUpdateExpression(op, placeholders);
  const guard = toGuard(op.condition, placeholders);
  const Key = encodeItem(keyOf(op));
  return {
    TableName: tableName,
    Key,
    UpdateExpression,
    ...guard,
    ...placeholders.toRequest(),
  };
}

export function toDelete(op: Op<'delete'>, tableName: string) {
  const placeholders = new Placeholders();
  const guard = toGuard(op.condition, placeholders);
  return {
    TableName: tableName,
    Key: encodeItem(keyOf(op)),
    ...guard,
    ...placeholders.toRequest(),
  };
}

function toGuard(
  condition: Condition | undefined,
  placeholders: Placeholders,
): { ConditionExpression?: string } {
  if (condition === undefined) return {};
  return { ConditionExpression: toConditionExpression(condition, placeholders) };
}
