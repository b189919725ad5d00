import * as z from 'zod';
import type { MediaKind } from '#shared/domain/message-content.ts';

/** The names of kinds on the customer's page, and what others call a document. */
const KINDS = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  document: 'document',
  doc: 'document',
  sticker: 'sticker',
} as const satisfies Record<string, MediaKind>;

/** As what a file is to be shown, in the body of a call. */
export const MediaKindField = z
  .enum(Object.keys(KINDS) as (keyof typeof KINDS)[])
  .transform((name) => KINDS[name]);
