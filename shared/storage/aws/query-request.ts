import { compareUtf8 } from '../rules/compare-utf8.ts';
import type { Query, SortRange } from '../table.ts';
import { encodeItem } from './attribute-value.ts';
import { Placeholders } from './placeholders.ts';

const NAMES = {
  primary: { partition: 'pk', sort: 'sk' },
  gsi1: { partition: 'gsi1pk', sort: 'gsi1sk' },
} as const;

export type Start = {
  readonly tableName: string;
  /** The keys of the item before the page: those of the table, and of the index in one. */
  readonly after: Readonly<Record<string, string>> | undefined;
  readonly limit: number;
};

/** `undefined` for a range in which no key lies: DynamoDB takes none with its ends the wrong way round. */
export function toQueryRequest(query: Query, { tableName, after, limit }: Start) {
  const { index, partition, sort, newestFirst = false } = query;
  if (isEmpty(sort)) return undefined;
  const placeholders = new Placeholders();
  const names = NAMES[index];
  const conditions = [
    `${placeholders.name(names.partition)} = ${placeholders.value(partition)}`,
    ...rangeOf(names.sort, sort, placeholders),
  ];
  return {
    TableName: tableName,
    ...(index === 'gsi1' && { IndexName: index }),
    KeyConditionExpression: conditions.join(' AND '),
    ...placeholders.toRequest(),
    // An index cannot be read strongly.
    ConsistentRead: index === 'primary',
    ScanIndexForward: !newestFirst,
    Limit: limit,
    ...(after !== undefined && { ExclusiveStartKey: encodeItem(after) }),
  };
}

/** DynamoDB takes no empty text to compare a key with; every key begins with it and comes after it. */
function rangeOf(
  attribute: string,
  range: SortRange | undefined,
  placeholders: Placeholders,
): readonly string[] {
  if (range === undefined || (range.kind === 'prefix' && range.prefix === '')) return [];
  const name = placeholders.name(attribute);
  if (range.kind === 'prefix') {
    return [`begins_with(${name}, ${placeholders.value(range.prefix)})`];
  }
  const to = placeholders.value(range.to);
  if (range.from === '') return [`${name} <= ${to}`];
  return [`${name} BETWEEN ${placeholders.value(range.from)} AND ${to}`];
}

function isEmpty(range: SortRange | undefined): boolean {
  if (range?.kind !== 'between') return false;
  return range.to === '' || compareUtf8(range.from, range.to) > 0;
}
