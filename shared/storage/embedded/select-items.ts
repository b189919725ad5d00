import type { SQLInputValue } from 'node:sqlite';
import type { Query, SortRange } from '../table.ts';
import { prefixEnd } from './prefix-end.ts';

/** A statement with its parameters. The texts are few, so that prepared statements can be kept. */
export type Select = { readonly sql: string; readonly parameters: readonly SQLInputValue[] };

type Clause = Select;

const COLUMNS = {
  primary: { partition: 'pk', sort: 'sk', position: 'sk' },
  gsi1: { partition: 'gsi1pk', sort: 'gsi1sk', position: 'gsi1sk, pk, sk' },
} as const;

/** Every visible item of the query after the position, in order; the caller stops reading when its page is full. */
export function selectItems(
  query: Query,
  { after, nowS }: { after: readonly string[] | undefined; nowS: number },
): Select {
  const { partition, sort, position } = COLUMNS[query.index];
  const direction = query.newestFirst === true ? 'DESC' : 'ASC';
  const order = position.split(', ').map((column) => `${column} ${direction}`);
  const clauses: readonly Clause[] = [
    { sql: `${partition} = ?`, parameters: [query.partition] },
    ...rangeOf(sort, query.sort),
    ...startOf(position, direction, after),
    { sql: '(expires_at IS NULL OR expires_at > ?)', parameters: [nowS] },
  ];
  const where = clauses.map((clause) => clause.sql).join(' AND ');
  return {
    sql: `SELECT data FROM items WHERE ${where} ORDER BY ${order.join(', ')}`,
    parameters: clauses.flatMap((clause) => clause.parameters),
  };
}

function rangeOf(column: string, range: SortRange | undefined): readonly Clause[] {
  if (range === undefined) return [];
  if (range.kind === 'between') {
    return [{ sql: `${column} BETWEEN ? AND ?`, parameters: [range.from, range.to] }];
  }
  const end = prefixEnd(range.prefix);
  const from: Clause = { sql: `${column} >= ?`, parameters: [range.prefix] };
  return end === undefined ? [from] : [from, { sql: `${column} < ?`, parameters: [end] }];
}

function startOf(
  position: string,
  direction: 'ASC' | 'DESC',
  after: readonly string[] | undefined,
): readonly Clause[] {
  if (after === undefined) return [];
  const marks = after.map(() => '?').join(', ');
  return [
    { sql: `(${position}) ${direction === 'ASC' ? '>' : '<'} (${marks})`, parameters: after },
  ];
}
