import { randomUUID } from 'node:crypto';
import type { Item, Query, Table } from '#shared/storage/table.ts';

export type GetTable = () => Table;

/** A partition that no other test uses. */
export function aPartition(): string {
  return `test#${randomUUID()}`;
}

export function put(item: Item): { readonly kind: 'put'; readonly item: Item } {
  return { kind: 'put', item };
}

/** All pages of a query; more pages than items can need is an endless loop. */
export async function readAll(
  table: Table,
  query: Query,
  pagesMax = 500,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const found = await table.query(cursor === undefined ? query : { ...query, cursor });
    items.push(...found.items);
    cursor = found.cursor;
    if (cursor === undefined) return items;
  }
  throw new Error(`The query did not end in ${pagesMax} pages.`);
}

export async function sortKeys(table: Table, query: Query): Promise<readonly string[]> {
  return (await readAll(table, query)).map((item) => item.sk);
}
