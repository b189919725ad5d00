import type { Key, Page, Table } from '../storage/table.ts';

/** `limit` is 1 to 1,000. */
export type PageWanted = { readonly limit: number; readonly cursor?: string | undefined };

/** A page of the items whose keys begin with this one, the last of them first. Throws `InvalidCursor`. */
export async function readNewest(
  table: Table,
  { pk: partition, sk: prefix }: Key,
  { limit, cursor }: PageWanted,
): Promise<Page> {
  return await table.query({
    index: 'primary',
    partition,
    sort: { kind: 'prefix', prefix },
    newestFirst: true,
    limit,
    ...(cursor !== undefined && { cursor }),
  });
}
