import * as z from 'zod';
import { toContext } from './context.ts';
import { defineSend } from './define-send.ts';
import { ChatIdField, emptyAsAbsent } from './message-fields.ts';
import { CONTEXT_FIELDS, SEND_OPTIONS } from './send-options.ts';

/** The limits of WhatsApp's own apps. */
const NAME_LENGTH_MAX = 255;
const OPTION_LENGTH_MAX = 100;
const OPTIONS_MAX = 12;
/** WhatsApp derives the keys of votes from it. */
const SECRET_BYTES = 32;

const Body = z
  .object({
    chatId: ChatIdField,
    name: z.string().trim().min(1).max(NAME_LENGTH_MAX),
    options: z
      .array(z.string().trim().min(1).max(OPTION_LENGTH_MAX))
      .min(2)
      .max(OPTIONS_MAX)
      .refine((options) => new Set(options).size === options.length, 'must be different'),
    /** How many may be chosen; 0 is any number. */
    selectableCount: emptyAsAbsent(z.int().min(0).default(1)),
    ...CONTEXT_FIELDS,
    ...SEND_OPTIONS,
  })
  .refine(({ selectableCount, options }) => selectableCount <= options.length, {
    path: ['selectableCount'],
    message: 'must not be more than there are options',
  });

/** Asks a question with answers to choose from. */
export const sendPoll = defineSend({
  operation: 'sendPoll',
  body: Body,
  answers: 'body',
  async draft({ instance, body }, deps) {
    const { chatId, name, options, selectableCount: selectable } = body;
    const secret = Buffer.from(deps.randomBytes(SECRET_BYTES)).toString('base64');
    const context = await toContext(instance, body, deps);
    return [{ chatId, content: { kind: 'poll', name, options, selectable, secret, ...context } }];
  },
});
