import * as z from 'zod';

const Contact = z.object({ displayName: z.string(), vcard: z.string() });
export type ContactView = z.infer<typeof Contact>;

/** One thing that a person may choose or press; a link, a call or a code has no id to send. */
const Option = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().optional(),
  url: z.string().optional(),
  phoneNumber: z.string().optional(),
  code: z.string().optional(),
});
export type OptionView = z.infer<typeof Option>;

/** What a phone shows of a message: everything but the keys of its media. */
export const MessageView = z.object({
  type: z.string(),
  text: z.string(),
  title: z.string().optional(),
  footer: z.string().optional(),
  caption: z.string().optional(),
  media: z
    .object({
      mimetype: z.string(),
      size: z.number(),
      sha256: z.string(),
      fileName: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      seconds: z.number().optional(),
      ptt: z.literal(true).optional(),
      gif: z.literal(true).optional(),
      thumbnail: z.literal(true).optional(),
    })
    .optional(),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  contact: Contact.optional(),
  contacts: z.array(Contact).optional(),
  options: z.array(Option).optional(),
  poll: z
    .object({ name: z.string(), options: z.array(z.string()), selectable: z.number() })
    .optional(),
  quotedId: z.string().optional(),
  quotedText: z.string().optional(),
  mentions: z.array(z.string()).optional(),
  forwarded: z.literal(true).optional(),
});
export type MessageView = z.infer<typeof MessageView>;
