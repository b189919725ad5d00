import { createHash } from 'node:crypto';
import * as z from 'zod';
import { InvalidCursor, type Item, type Query, type SortRange } from '../table.ts';

const CHECK_LENGTH = 16;

const Cursor = z.strictObject({
  /** Where the page before ended: `[sk]`, or `[gsi1sk, pk, sk]` in the index. */
  at: z.array(z.string()).min(1).max(3),
  check: z.string().length(CHECK_LENGTH),
});

/**
 * A cursor holds a position and never the partition, which always comes from the query: whoever forges one can
 * only move within what the query may read anyway. The check ties it to its query and finds damage.
 */
export function encodeCursor(query: Query, at: readonly string[]): string {
  const cursor = { at: [...at], check: checkOf(query, at) };
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** The position in a cursor of this very query. Throws `InvalidCursor`. */
export function decodeCursor(query: Query, text: string): readonly string[] {
  const { at, check } = parse(text);
  const length = query.index === 'primary' ? 1 : 3;
  if (at.length !== length || check !== checkOf(query, at)) throw new InvalidCursor();
  return at;
}

/** Where the item stands in the order of the query. */
export function positionOf({ index }: Query, { pk, sk, gsi1sk }: Item): readonly string[] {
  return index === 'primary' ? [sk] : [String(gsi1sk), pk, sk];
}

function parse(text: string): z.infer<typeof Cursor> {
  const bytes = Buffer.from(text, 'base64url');
  // Node decodes leniently; only the one spelling that we write is taken.
  if (bytes.toString('base64url') !== text) throw new InvalidCursor();
  try {
    return Cursor.parse(JSON.parse(bytes.toString()));
  } catch (cause) {
    throw new InvalidCursor({ cause });
  }
}

function checkOf({ index, partition, sort, newestFirst }: Query, at: readonly string[]): string {
  const scope = JSON.stringify([index, partition, boundsOf(sort), newestFirst ?? false, at]);
  return createHash('sha256').update(scope).digest('base64url').slice(0, CHECK_LENGTH);
}

function boundsOf(sort: SortRange | undefined): readonly string[] {
  if (sort === undefined) return [];
  return sort.kind === 'prefix' ? [sort.prefix] : [sort.from, sort.to];
}
