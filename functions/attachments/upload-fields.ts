import * as z from 'zod';
import { ATTACHMENT_BYTES_MAX } from '#shared/domain/attachment.ts';
import { DomainError } from '#shared/domain/error.ts';
import { FileName, toFileName } from '#shared/domain/file-name.ts';
import { MediaType } from '#shared/domain/mimetype.ts';

/**
 * Lambda takes 6 MiB of a call, in which the body is base64 and the rest of the event has to fit: about 4.5 MiB of
 * body. A file that is larger never comes here.
 */
const FORM_FILE_BYTES_MAX = 4_500_000;
/** What a file of unknown type is. */
const BYTES = 'application/octet-stream';

export type UploadFields = z.output<typeof UploadFields>;
/** A file that is to be uploaded. */
export const UploadFields = z.object({
  fileName: FileName,
  mimetype: MediaType,
  size: z
    .number()
    .refine(
      (size) => Number.isInteger(size) && size >= 1 && size <= ATTACHMENT_BYTES_MAX,
      `must be a whole number of bytes from 1 to ${ATTACHMENT_BYTES_MAX}`,
    ),
});

/** The `file` of a multipart form, by the names that it has elsewhere. Throws `payload_too_large`. */
export const UploadedFile = z.object({
  file: z
    .instanceof(File, { error: 'must be a file' })
    .refine(({ size }) => size > 0, 'must not be empty')
    .refine(({ type }) => type === '' || MediaType.safeParse(type).success, {
      error: 'must have a media type, like image/png',
    })
    .transform((file) => {
      if (file.size > FORM_FILE_BYTES_MAX) throw tooLarge();
      const { name, type } = file;
      return { file, fileName: toFileName(name), mimetype: type || BYTES };
    }),
});
export type UploadedFile = z.output<typeof UploadedFile>;

function tooLarge(): DomainError {
  const message = `must have at most ${FORM_FILE_BYTES_MAX} bytes here`;
  return new DomainError(
    'payload_too_large',
    `The file ${message}: for a larger one, send its fileName, mimetype and size, and upload it to the URL of the answer.`,
    { details: [{ path: 'file', message }] },
  );
}
