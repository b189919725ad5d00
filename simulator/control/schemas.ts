import * as z from 'zod';

import { directChat } from '#simulator/addresses.ts';
import { parsePairingCode } from '#simulator/adv/pairing-code.ts';

const NAME_CHARS_MAX = 100;
const MESSAGES_LIMIT = 10_000;
const MESSAGES_LIMIT_MAX = 10_000;
const TIMES_MAX = 1_000_000;
const SLOW_MS_MAX = 120_000;

/** `+1 555-000-0002` and the number 15550000002 are `15550000002`. */
export const PhoneNumber = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).replaceAll(/[+\s()-]/g, ''))
  .pipe(z.string().regex(/^\d{5,15}$/, 'A phone number has 5 to 15 digits.'));

export const PhoneParams = z.strictObject({ number: PhoneNumber });
export const DeviceParams = z.strictObject({
  number: PhoneNumber,
  id: z.coerce.number().int().min(1).max(255),
});
export const MessageParams = z.strictObject({ number: PhoneNumber, id: z.string().min(1) });

export const PhoneBody = z.strictObject({
  number: PhoneNumber,
  name: z.string().min(1).max(NAME_CHARS_MAX).optional(),
  autoRead: z.boolean().optional(),
});

const PairingCode = z.string().transform((text, context) => {
  const code = parsePairingCode(text);
  if (code !== undefined) return code;
  context.addIssue('A pairing code has 8 letters and digits.');
  return z.NEVER;
});

/** Either the text of the QR code, or the 8 characters that the companion shows. */
export const LinkBody = z.union([
  z.strictObject({ qr: z.string().min(1).max(4_096) }),
  z.strictObject({ code: PairingCode }),
]);

export const ReadBody = z.strictObject({ id: z.string().min(1) });

export const EmptyBody = z.strictObject({});

/** A group's id, or a number with or without `@c.us` or `@s.whatsapp.net`. */
const Chat = z
  .string()
  .max(100)
  .transform((text) =>
    text.endsWith('@g.us') ? text : directChat(text.replace(/@(?:c\.us|s\.whatsapp\.net)$/, '')),
  );

/** `since` is an ISO time or milliseconds since 1970. */
export const MessagesQuery = z.strictObject({
  since: z
    .union([z.iso.datetime({ offset: true }), z.string().regex(/^\d{1,15}$/)])
    .transform((text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text)))
    .optional(),
  limit: z.coerce.number().int().min(1).max(MESSAGES_LIMIT_MAX).default(MESSAGES_LIMIT),
  chat: Chat.optional(),
});

const faultBase = {
  number: PhoneNumber,
  times: z.int().min(1).max(TIMES_MAX).default(1),
};
const code = z.int().min(100).max(999);
/** The media server does not know whose request it answers, so a number changes nothing. */
const mediaFaultBase = { ...faultBase, number: PhoneNumber.optional() };
const direction = z.enum(['upload', 'download']);

/** `at: login` keeps a socket's fault for the next logins instead of the live sockets. */
export const FaultBody = z.discriminatedUnion('kind', [
  z.strictObject({
    ...faultBase,
    kind: z.literal('nack'),
    code: code.default(463),
    only: z.literal('native_flow').optional(),
  }),
  z.strictObject({ ...faultBase, kind: z.literal('lose-ack') }),
  z.strictObject({ ...faultBase, kind: z.literal('logout') }),
  z.strictObject({
    ...faultBase,
    kind: z.literal('stream-error'),
    code: code.default(503),
    at: z.enum(['now', 'login']).default('now'),
  }),
  z.strictObject({
    ...faultBase,
    kind: z.enum(['close', 'replaced', 'stall']),
    at: z.enum(['now', 'login']).default('now'),
  }),
  z.strictObject({
    ...mediaFaultBase,
    kind: z.literal('media'),
    status: z.int().min(400).max(599),
    direction,
  }),
  z.strictObject({
    ...mediaFaultBase,
    kind: z.literal('slow-media'),
    ms: z.int().min(1).max(SLOW_MS_MAX),
    direction: direction.optional(),
  }),
]);
export type FaultBody = z.infer<typeof FaultBody>;
