import * as z from 'zod';
import { ObjectId } from './identifier.ts';

/** WhatsApp's own limit of a document is 2 GB; a runner and its customers are better served by less. */
export const ATTACHMENT_BYTES_MAX = 100 * 1024 * 1024;
/** How long the URL of an upload takes it. */
export const UPLOAD_URL_VALID_MS = 15 * 60_000;
/** An upload that began in time may take so long to its end. */
const UPLOAD_MS_MAX = 60 * 60_000;

/** A file that an account has uploaded, or is about to, for messages that name it. */
export const Attachment = z.strictObject({
  accountId: ObjectId,
  attachmentId: ObjectId,
  fileName: z.string(),
  mimetype: z.string(),
  /** In bytes. */
  size: z.int().min(1),
  /** Of the bytes, hex, when they went through our hands. */
  sha256: z.string().optional(),
  /** Whether the bytes are known to be there. */
  state: z.enum(['WAITING', 'READY']),
  /** Until when the bytes may be uploaded. */
  uploadUntil: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});
export type Attachment = z.infer<typeof Attachment>;

/**
 * What is true of an attachment, when as many bytes as `bytes` were found.
 *
 *   WAITING ── all bytes are there ──▶ READY
 *      │                                 ▲
 *      └── the URL has run out ──▶ EXPIRED ── an hour later ──▶ gone
 */
export function stateOf(
  { state, size, uploadUntil }: Attachment,
  bytes: number | undefined,
  now: Date,
): 'WAITING' | 'READY' | 'EXPIRED' | 'gone' {
  if (state === 'READY' || bytes === size) return 'READY';
  if (now <= new Date(uploadUntil)) return 'WAITING';
  return now <= uploadsEndAt({ uploadUntil }) ? 'EXPIRED' : 'gone';
}

/** After this time no upload of its bytes can be under way. */
export function uploadsEndAt({ uploadUntil }: Pick<Attachment, 'uploadUntil'>): Date {
  return new Date(new Date(uploadUntil).getTime() + UPLOAD_MS_MAX);
}
