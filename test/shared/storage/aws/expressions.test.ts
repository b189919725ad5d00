import { describe, expect, it } from 'vitest';
import { toConditionExpression } from '#shared/storage/aws/condition-expression.ts';
import { Placeholders } from '#shared/storage/aws/placeholders.ts';
import { toQueryRequest } from '#shared/storage/aws/query-request.ts';
import { toUpdateExpression } from '#shared/storage/aws/update-expression.ts';
import type { Condition, Query, UpdateOp } from '#shared/storage/table.ts';

function conditionOf(condition: Condition) {
  const placeholders = new Placeholders();
  const expression = toConditionExpression(condition, placeholders);
  return { expression, ...placeholders.toRequest() };
}

function updateOf(update: Partial<UpdateOp>) {
  const placeholders = new Placeholders();
  const op: UpdateOp = { kind: 'update', key: { pk: 'p', sk: 's' }, ...update };
  return { expression: toUpdateExpression(op, placeholders), ...placeholders.toRequest() };
}

describe('toConditionExpression', () => {
  it('writes neither names nor values into the expression, and a name once', () => {
    const field = 'size) OR (1';
    const all: readonly Condition[] = [
      { kind: 'present', field },
      { kind: 'lessThan', field, value: ':v0' },
      { kind: 'equals', field: 'map', value: { a: [1] } },
    ];
    expect(conditionOf({ kind: 'and', all })).toEqual({
      expression: '(attribute_exists(#n0) AND #n0 < :v0 AND #n1 = :v1)',
      ExpressionAttributeNames: { '#n0': field, '#n1': 'map' },
      ExpressionAttributeValues: { ':v0': { S: ':v0' }, ':v1': { M: { a: { L: [{ N: '1' }] } } } },
    });
  });

  it('puts parentheses around several parts only: DynamoDB refuses what it calls redundant', () => {
    const absent: Condition = { kind: 'absent', field: 'a' };
    const either: Condition = { kind: 'or', any: [absent, { kind: 'present', field: 'b' }] };
    const nested: Condition = { kind: 'and', all: [{ kind: 'and', all: [either] }] };
    expect(conditionOf(nested).expression).toBe(
      '(attribute_not_exists(#n0) OR attribute_exists(#n1))',
    );
    expect(conditionOf({ kind: 'or', any: [absent] }).expression).toBe('attribute_not_exists(#n0)');
    expect(conditionOf({ kind: 'and', all: [either, absent] }).expression).toBe(
      '((attribute_not_exists(#n0) OR attribute_exists(#n1)) AND attribute_not_exists(#n0))',
    );
  });

  it('sends no empty list of values', () => {
    expect(conditionOf({ kind: 'absent', field: 'a' })).not.toHaveProperty(
      'ExpressionAttributeValues',
    );
  });
});

describe('toUpdateExpression', () => {
  it('has a clause for each kind of change that there is', () => {
    expect(updateOf({ set: { a: 1, b: null }, remove: ['c', 'd'], add: { e: -1 } })).toEqual({
      expression: 'SET #n0 = :v0, #n1 = :v1 REMOVE #n3, #n4 ADD #n2 :v2',
      ExpressionAttributeNames: { '#n0': 'a', '#n1': 'b', '#n2': 'e', '#n3': 'c', '#n4': 'd' },
      ExpressionAttributeValues: { ':v0': { N: '1' }, ':v1': { NULL: true }, ':v2': { N: '-1' } },
    });
    expect(updateOf({ add: { e: 1 } }).expression).toBe('ADD #n0 :v0');
  });

  it('changes nothing in words that DynamoDB takes', () => {
    const { expression, ...request } = updateOf({});
    expect(expression).toBe('REMOVE #n0');
    expect(request).not.toHaveProperty('ExpressionAttributeValues');
  });
});

describe('toQueryRequest', () => {
  const start = { tableName: 't', after: undefined, limit: 10 };
  const conditionIn = (query: Partial<Query>) =>
    toQueryRequest({ index: 'primary', partition: 'p', ...query }, start)?.KeyConditionExpression;

  it('asks for a range of the sort key', () => {
    expect(conditionIn({})).toBe('#n0 = :v0');
    expect(conditionIn({ sort: { kind: 'prefix', prefix: 'a' } })).toBe(
      '#n0 = :v0 AND begins_with(#n1, :v1)',
    );
    expect(conditionIn({ sort: { kind: 'between', from: 'a', to: 'b' } })).toBe(
      '#n0 = :v0 AND #n1 BETWEEN :v2 AND :v1',
    );
  });

  it('never sends an empty text as a key', () => {
    expect(conditionIn({ sort: { kind: 'prefix', prefix: '' } })).toBe('#n0 = :v0');
    expect(conditionIn({ sort: { kind: 'between', from: '', to: 'b' } })).toBe(
      '#n0 = :v0 AND #n1 <= :v1',
    );
  });

  it('asks nothing of a range in which no key lies, by UTF-8 and not by UTF-16', () => {
    const between = (from: string, to: string) =>
      conditionIn({ sort: { kind: 'between', from, to } });
    expect(between('b', 'a')).toBeUndefined();
    expect(between('a', '')).toBeUndefined();
    expect(between('\u{1f600}', '\u{ff5e}')).toBeUndefined();
    expect(between('\u{ff5e}', '\u{1f600}')).toBeDefined();
  });

  it('names the index, the direction and the start', () => {
    const query: Query = { index: 'gsi1', partition: 'p', newestFirst: true };
    const after = { gsi1pk: 'p', gsi1sk: 'x', pk: 'a', sk: 'b' };
    expect(toQueryRequest(query, { ...start, after })).toMatchObject({
      TableName: 't',
      IndexName: 'gsi1',
      ScanIndexForward: false,
      ConsistentRead: false,
      Limit: 10,
      ExpressionAttributeNames: { '#n0': 'gsi1pk' },
      ExclusiveStartKey: { gsi1pk: { S: 'p' }, gsi1sk: { S: 'x' }, pk: { S: 'a' }, sk: { S: 'b' } },
    });
  });
});
