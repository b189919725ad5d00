import * as z from 'zod';
import { UploadedFile, UploadFields } from '#functions/attachments/upload-fields.ts';
import { ObjectId } from '#shared/domain/identifier.ts';
import { answersData, answersNothing } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';
import { CURSOR, PAGE_FIELDS } from '../page.ts';
import { PLACEHOLDERS } from '../placeholders.ts';
import { A_DOCUMENT } from './messages/sample-files.ts';

const AttachmentView = z.strictObject({
  _id: ObjectId,
  fileName: z.string(),
  mimetype: z.string(),
  size: z.int().describe('In bytes.'),
  sha256: z.string().nullable().describe('Hex; `null` for what was uploaded by a URL.'),
  state: z
    .enum(['WAITING', 'READY', 'EXPIRED'])
    .describe('`WAITING` until the bytes are there; `EXPIRED` when the URL ran out without them.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.null().describe('It stays until it is deleted.'),
});
const CreatedAttachment = AttachmentView.extend({
  upload: z
    .strictObject({
      method: z.literal('PUT'),
      url: z.url(),
      headers: z.record(z.string(), z.string()),
      expiresAt: z.iso.datetime(),
    })
    .optional()
    .describe('The request that brings the bytes, when no file came along.'),
});
const ShownAttachment = AttachmentView.extend({
  url: z.url().nullable().describe('Gives the bytes.'),
  urlExpiresAt: z.iso.datetime().nullable(),
});
const ATTACHMENT = {
  _id: PLACEHOLDERS.attachment_id,
  fileName: 'report.pdf',
  mimetype: 'application/pdf',
  size: 15,
  sha256: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  state: 'READY',
  createdAt: '2026-11-22T12:00:00.000Z',
  expiresAt: null,
} as const;
const IN_PATH = { id: 'The `_id` of the attachment.' };

export const attachmentsDocs = {
  createAttachment: {
    summary: 'Make an attachment',
    description:
      'Either with the `file` itself in a form, of at most 4.5 MB; or with its name, type and size alone, for up to 100 MB: then `upload` is the request that brings the bytes, within 15 minutes. An account may have 1,000 attachments.',
    errors: ['too_many_attachments'],
    alsoReads: {
      body: z.object({ ...UploadedFile.partial().shape, ...UploadFields.partial().shape }),
    },
    fields: {
      file: 'The file.',
      fileName: 'Without a `file`: its name.',
      mimetype: 'Without a `file`: its type.',
      size: 'Without a `file`: how many bytes it has, 1 to 104,857,600.',
    },
    answers: {
      201: answersData('The attachment.', {
        message: 'Attachment created successfully!',
        data: CreatedAttachment,
        example: ATTACHMENT,
      }),
    },
    examples: {
      file: { summary: 'With the file', multipart: { file: A_DOCUMENT } },
      upload: {
        summary: 'To be uploaded',
        body: { fileName: 'holiday.mp4', mimetype: 'video/mp4', size: 40_000_000 },
      },
    },
  },
  listAttachments: {
    summary: 'List attachments',
    fields: PAGE_FIELDS,
    answers: {
      200: answersData('A page of attachments, newest first.', {
        message: 'Attachments fetched successfully!',
        data: z.strictObject({ attachments: z.array(AttachmentView), cursor: CURSOR }),
        example: { attachments: [ATTACHMENT], cursor: null },
      }),
    },
    examples: { default: {}, page: { summary: 'Ten of them', query: { limit: '10' } } },
  },
  showAttachment: {
    summary: 'Show an attachment',
    params: IN_PATH,
    answers: {
      200: answersData('The attachment, with a URL of its bytes when they are there.', {
        message: 'Attachment fetched successfully!',
        data: ShownAttachment,
        example: {
          ...ATTACHMENT,
          url: 'https://media.example.com/attachments/report.pdf',
          urlExpiresAt: '2026-11-22T13:00:00.000Z',
        },
      }),
    },
    examples: { default: { params: { id: '{attachment_id}' } } },
  },
  deleteAttachment: {
    summary: 'Delete an attachment',
    params: IN_PATH,
    answers: { 204: answersNothing('Its bytes are gone, too.') },
    examples: { default: { params: { id: '{attachment_id}' } } },
  },
} satisfies GroupDocs<'attachments'>;
