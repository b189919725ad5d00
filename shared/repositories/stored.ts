import * as z from 'zod';

/** An item without the attributes that place it in the table; what is left is the record. */
export const withoutTableKeys = z
  .looseObject({})
  .transform(({ pk, sk, gsi1pk, gsi1sk, expiresAt, ...record }) => record);
