import * as z from 'zod';
import type { ErrorCode } from '#shared/domain/error.ts';
import { MessageFailure } from '#shared/domain/message.ts';
import { answersData, answersNothing } from '../../answer-doc.ts';
import type { AnswerDoc, FieldDoc } from '../../operation-doc.ts';
import { PLACEHOLDERS } from '../../placeholders.ts';

/** What every call that sends reads of the headers. */
export const SEND_HEADERS: Readonly<Record<string, FieldDoc>> = {
  'idempotency-key':
    'Up to 255 characters. The same key with the same call is answered by the first message, for a day; with another call, by 422.',
  prefer:
    '`wait=N` (0 to 20 seconds) answers when WhatsApp has the message, or as far as it is then. `return=representation` answers 200 with the message in place of 204.',
};

/** What every call that sends takes of times. */
export const TIME_FIELDS: Readonly<Record<'expiresIn' | 'sendAt', FieldDoc>> = {
  expiresIn:
    'Seconds from when it may be sent; a message that could not be sent by then is `EXPIRED`. 6 hours when nothing is said, at most 30 days.',
  sendAt:
    'Not before: a time (ISO 8601), or seconds or milliseconds since 1970. At most 30 days from now; what is past is now.',
};

/** What a message that says something takes besides. */
export const SAYING_FIELDS: Readonly<
  Record<'quotedMessageId' | 'mentions' | keyof typeof TIME_FIELDS, FieldDoc>
> = {
  quotedMessageId: 'The message that it answers: any id of it.',
  mentions: 'The people who are named in it, as `chatId`s.',
  ...TIME_FIELDS,
};

/** The headers of an answer about a message. */
export const MESSAGE_HEADERS = {
  'x-message-id': 'Our id of the message.',
  'x-message-state': 'How far it is.',
  location: 'Where to ask how far it has come.',
};

/** What may be wrong with every call that sends. */
export const SEND_ERRORS: readonly ErrorCode[] = [
  'not_linked',
  'not_found',
  'idempotency_mismatch',
  'too_many_requests',
];

type Rendering = 'text' | 'native';

/** WhatsApp's form of a message with this in it. */
export function sentMessage<S extends z.ZodType>(message: S) {
  return z.strictObject({
    key: z.strictObject({
      remoteJid: z.string(),
      fromMe: z.literal(true),
      id: z.string().describe("WhatsApp's id of the message."),
    }),
    message,
    messageTimestamp: z.string().describe('Seconds since 1970.'),
    status: z
      .enum(['PENDING', 'SERVER_ACK', 'DELIVERY_ACK', 'READ', 'PLAYED', 'ERROR'])
      .describe("WhatsApp's name of how far it is."),
    error: MessageFailure.optional().describe('Why it failed.'),
    rendered_as: z.enum(['text', 'native']).optional().describe('How a list or buttons went out.'),
  });
}

/** The example of that. */
export function sentExample<M>(message: M, renderedAs?: Rendering) {
  return {
    key: {
      remoteJid: '2348179803743@s.whatsapp.net',
      fromMe: true,
      id: PLACEHOLDERS.whatsapp_id,
    },
    message,
    messageTimestamp: '1795348800',
    status: 'PENDING',
    ...(renderedAs && { rendered_as: renderedAs }),
  } as const;
}

type Sent<S extends z.ZodType> = {
  readonly message: S;
  readonly example: z.input<S>;
  readonly renderedAs?: Rendering;
};

/** 200 with WhatsApp's form of the message. */
export function answersSent<S extends z.ZodType>({
  message,
  example,
  renderedAs,
}: Sent<S>): AnswerDoc {
  return answersData("Accepted. `key.id` is WhatsApp's id of it.", {
    message: 'Message sent successfully',
    // Its parts are checked by the compiler at the call, and the whole of it by a test.
    data: sentMessage<z.ZodType>(message),
    example: sentExample(example, renderedAs),
    headers: MESSAGE_HEADERS,
  });
}

/** 204 as the customer's page shows it, and by preference 200. */
export function answersNoneOrSent<S extends z.ZodType>(sent: Sent<S>) {
  return {
    204: answersNothing('Accepted.', MESSAGE_HEADERS),
    200: answersSent(sent),
  };
}
