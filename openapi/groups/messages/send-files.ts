import * as z from 'zod';
import type { GroupDocs } from '../../operation-doc.ts';
import { A_DOCUMENT, A_PICTURE, A_SOUND, A_VIDEO } from './sample-files.ts';
import {
  answersNoneOrSent,
  answersSent,
  SAYING_FIELDS,
  SEND_ERRORS,
  SEND_HEADERS,
} from './sending.ts';

const CHAT = '2348179803743';

/** What all kinds of files have; most of it is there when WhatsApp has the file. */
const FILE_PART = {
  mimetype: z.string().optional(),
  url: z.string().optional().describe("Where WhatsApp keeps the file, with the call's `wait`."),
  directPath: z.string().optional(),
  mediaKey: z.base64().optional(),
  fileSha256: z.base64().optional(),
  fileEncSha256: z.base64().optional(),
  fileLength: z.string().optional().describe('In bytes.'),
  mediaKeyTimestamp: z.string().optional(),
} as const;
const PICTURE_PART = {
  ...FILE_PART,
  width: z.int().optional(),
  height: z.int().optional(),
  jpegThumbnail: z.base64().optional(),
} as const;
const caption = z.string().optional();
const seconds = z.int().optional();

export const ImageMessage = z.strictObject({
  imageMessage: z.strictObject({ ...PICTURE_PART, caption }),
});
export const VideoMessage = z.strictObject({
  videoMessage: z.strictObject({ ...PICTURE_PART, seconds, caption }),
});
const AudioMessage = z.strictObject({
  audioMessage: z.strictObject({ ...FILE_PART, seconds, ptt: z.boolean() }),
});
const DocumentMessage = z.strictObject({
  documentMessage: z.strictObject({
    ...PICTURE_PART,
    fileName: z.string().optional(),
    title: z.string().optional(),
    caption,
  }),
});
const StickerMessage = z.strictObject({ stickerMessage: z.strictObject(PICTURE_PART) });
/** One of them, by the `type` of the call. */
const FileMessage = z.union([
  ImageMessage,
  VideoMessage,
  AudioMessage,
  DocumentMessage,
  StickerMessage,
]);

const FILE_FIELDS = {
  file: 'The file: this, or an `attachmentId`.',
  attachmentId: "One of the account's attachments, in place of a `file`.",
  ...SAYING_FIELDS,
} as const;
/** Its pattern is one of Unicode, which not every reader of JSON Schema takes. */
const fileName = (description: string) =>
  ({ description, schema: { type: 'string', maxLength: 255 } }) as const;
const CAPTION = 'The text under it.';
const FORM_SIZE =
  'The bytes of a file in the form may be 4.5 MB; as an attachment they may be 100 MB.';
const alsoReads = { headers: SEND_HEADERS };
const REPRESENTATION = { prefer: 'return=representation' };
const errors = [...SEND_ERRORS, 'message_failed'] as const;

/** Messages with a file. */
export const sendFilesDocs = {
  sendImage: {
    summary: 'Send an image',
    description: `A JPEG, PNG or WebP. ${FORM_SIZE}`,
    fields: { ...FILE_FIELDS, caption: CAPTION },
    alsoReads,
    answers: {
      200: answersSent({
        message: ImageMessage,
        example: { imageMessage: { mimetype: 'image/png', caption: 'Yo' } },
      }),
    },
    errors: SEND_ERRORS,
    examples: {
      file: { summary: 'A file', multipart: { chatId: CHAT, file: A_PICTURE, caption: 'Yo' } },
      attachment: {
        summary: 'An attachment',
        body: { chatId: CHAT, attachmentId: '{attachment_id}' },
      },
    },
  },
  sendVideo: {
    summary: 'Send a video',
    description: `An MP4, 3GP or QuickTime file. ${FORM_SIZE}`,
    fields: { ...FILE_FIELDS, caption: CAPTION },
    alsoReads,
    answers: answersNoneOrSent({
      message: VideoMessage,
      example: { videoMessage: { mimetype: 'video/mp4', caption: 'Yo' } },
    }),
    errors,
    examples: {
      file: { status: 204, multipart: { chatId: CHAT, file: A_VIDEO, caption: 'Yo' } },
      representation: {
        summary: 'Shown at once',
        status: 200,
        headers: REPRESENTATION,
        multipart: { chatId: CHAT, file: A_VIDEO },
      },
    },
  },
  sendAudio: {
    summary: 'Send a sound',
    description: `An MP3, Ogg, M4A, AAC, AMR or WAV file. ${FORM_SIZE}`,
    fields: { ...FILE_FIELDS, ptt: 'As a voice note.' },
    alsoReads,
    answers: answersNoneOrSent({
      message: AudioMessage,
      example: { audioMessage: { mimetype: 'audio/amr', ptt: true } },
    }),
    errors,
    examples: {
      file: { status: 204, multipart: { chatId: CHAT, file: A_SOUND } },
      representation: {
        summary: 'Shown at once',
        status: 200,
        headers: REPRESENTATION,
        multipart: { chatId: CHAT, file: A_SOUND },
      },
    },
  },
  sendDocument: {
    summary: 'Send a document',
    description: `A file of any type. ${FORM_SIZE}`,
    fields: {
      ...FILE_FIELDS,
      filename: fileName("The name that the chat shows; the file's own when it is not given."),
      caption: CAPTION,
    },
    alsoReads,
    answers: answersNoneOrSent({
      message: DocumentMessage,
      example: {
        documentMessage: {
          mimetype: 'application/pdf',
          fileName: 'March.pdf',
          title: 'March.pdf',
        },
      },
    }),
    errors,
    examples: {
      file: { status: 204, multipart: { chatId: CHAT, file: A_DOCUMENT, filename: 'March.pdf' } },
      representation: {
        summary: 'Shown at once',
        status: 200,
        headers: REPRESENTATION,
        body: { chatId: CHAT, attachmentId: '{attachment_id}' },
      },
    },
  },
  sendSticker: {
    summary: 'Send a sticker',
    description: `A WebP, PNG or JPEG; it is made a sticker of 512 dots. ${FORM_SIZE}`,
    fields: FILE_FIELDS,
    alsoReads,
    answers: {
      200: answersSent({
        message: StickerMessage,
        example: { stickerMessage: { mimetype: 'image/webp' } },
      }),
    },
    errors: SEND_ERRORS,
    examples: { default: { multipart: { chatId: CHAT, file: A_PICTURE } } },
  },
  sendFileUrl: {
    summary: 'Send the file behind a URL',
    description:
      'It is fetched when it is sent, up to 100 MB. A file that is not there then, or is of another type, makes the message `FAILED`.',
    fields: {
      url: 'It must begin with `https://` and have a public host.',
      type: 'What it is sent as; `doc` is `document`.',
      mimetype: 'What a document is, where its bytes do not say.',
      caption: 'The text under it; not of a sound or sticker.',
      filename: fileName('The name of a document.'),
      ptt: 'A sound as a voice note.',
      ...SAYING_FIELDS,
    },
    alsoReads,
    answers: answersNoneOrSent({
      message: FileMessage,
      example: { imageMessage: { mimetype: 'image/jpeg', caption: 'Caption' } },
    }),
    errors,
    examples: {
      default: {
        status: 204,
        multipart: {
          chatId: CHAT,
          url: 'https://images.example.com/photo.jpg?w=1080',
          type: 'image',
          mimetype: 'image/jpeg',
          caption: 'Caption',
        },
      },
      representation: {
        summary: 'Shown at once',
        status: 200,
        headers: REPRESENTATION,
        body: { chatId: CHAT, url: 'https://files.example.com/march.pdf', type: 'document' },
      },
    },
  },
} satisfies Partial<GroupDocs<'messages'>>;
