import * as z from 'zod';

/** 24 hex digits, as the customer's page shows `_id` and `user_id`. */
export const ObjectId = z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 hexadecimal digits');
/** 128 bits as eight groups of four hex digits, the page's form of `session_id` and `access_token`. */
export const GroupedHex = z
  .string()
  .regex(/^[0-9a-f]{4}(-[0-9a-f]{4}){7}$/, 'must be eight groups of four hexadecimal digits');
/** A ULID: 26 characters of Crockford's base 32, in order of time. */
export const Ulid = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'must be a ULID');

const OBJECT_ID_TIME_DIGITS = 8;

/** Seconds since 1970 in 4 bytes, then 8 random bytes: ids sort by time, like those of the page. */
export function toObjectId(epochS: number, random: Uint8Array): string {
  return (
    Math.floor(epochS).toString(16).padStart(OBJECT_ID_TIME_DIGITS, '0') +
    toHex(random.subarray(0, 8))
  );
}

/** With the milliseconds before them they fill the eight bytes after the seconds of an id. */
export const ORDERED_ID_RANDOM_BYTES = 6;

/** An id like every other, whose order is that of creation to the millisecond: pages are read by it. */
export function toOrderedId(createdAt: Date, random: Uint8Array): string {
  const epochMs = createdAt.getTime();
  const ms = epochMs % 1000;
  const tail = Uint8Array.of(ms >> 8, ms & 0xff, ...random.subarray(0, ORDERED_ID_RANDOM_BYTES));
  return toObjectId(epochMs / 1000, tail);
}

/** Sixteen random bytes in the grouped form. */
export function toGroupedHex(random: Uint8Array): string {
  return (toHex(random.subarray(0, 16)).match(/.{4}/g) ?? []).join('-');
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
