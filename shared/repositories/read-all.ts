import type { Item, Query, Table } from '../storage/table.ts';

const PAGE_SIZE = 200;

/** Every item of a query, page by page. */
export async function* readAll(
  table: Table,
  query: Omit<Query, 'cursor' | 'limit'>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await table.query({ ...query, limit: PAGE_SIZE, ...(cursor && { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
