import * as z from 'zod';
import { optional } from './message-fields.ts';

const NAME_LENGTH_MAX = 1_000;

/** A number, or the text of one: the customer's page has both. */
function degrees(most: number) {
  return z.preprocess(
    (value) =>
      typeof value === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value,
    z
      .number(`must be degrees from -${most} to ${most}`)
      .refine((value) => Math.abs(value) <= most, `must be degrees from -${most} to ${most}`),
  );
}

/** A place, as the customer's page writes it. */
export const LocationFields = z
  .object({
    lat: degrees(90),
    lng: degrees(180),
    name: optional(z.string().max(NAME_LENGTH_MAX)),
    address: optional(z.string().max(NAME_LENGTH_MAX)),
  })
  .transform(({ lat, lng, name, address }) => ({
    latitude: lat,
    longitude: lng,
    ...(name && { name }),
    ...(address && { address }),
  }));
