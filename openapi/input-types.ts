import type * as z from 'zod';
import { Email } from '#shared/domain/account.ts';
import { ActiveTime } from '#shared/domain/active-hours.ts';
import { DEAD_EVENTS, LIVE_EVENTS } from '#shared/domain/event-name.ts';
import { Language } from '#shared/domain/language.ts';
import { ChatId, PersonId, PhoneNumber } from '#shared/domain/recipient.ts';
import { RequestedEvents } from '#shared/domain/requested-events.ts';
import { TimeZone } from '#shared/domain/time-zone.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** What a caller may write where the code turns it into something else: of that the schema alone says little. */
export const INPUT_TYPES: ReadonlyMap<z.ZodType, JsonSchema> = new Map<z.ZodType, JsonSchema>([
  [
    ChatId,
    {
      type: 'string',
      description:
        'A phone number with its country code (a JSON number, too), or an id that ends in `@c.us`, `@s.whatsapp.net`, `@lid` or `@g.us`.',
      examples: ['2348179803743', '2348179803743@c.us', '120363041234567890@g.us'],
    },
  ],
  [
    PersonId,
    {
      type: 'string',
      description:
        'A phone number with its country code (a JSON number, too), or an id that ends in `@c.us`, `@s.whatsapp.net` or `@lid`.',
      examples: ['2348179803743', '10150000000@lid'],
    },
  ],
  [
    PhoneNumber,
    {
      type: 'string',
      description:
        'A phone number with its country code, 5 to 15 digits; punctuation is dropped. A JSON number is taken, too.',
      examples: ['2348179803743', '+234 817 980-3743'],
    },
  ],
  [
    Email,
    {
      type: 'string',
      format: 'email',
      description: 'An e-mail address; capitals make no difference.',
      examples: ['owner@example.com'],
    },
  ],
  [
    TimeZone,
    {
      type: 'string',
      description: 'A name of the IANA registry, or an offset from UTC of -12:00 to +14:00.',
      examples: ['Africa/Harare', '+1', '-03:30'],
    },
  ],
  [
    Language,
    {
      type: 'string',
      description: 'A language tag (BCP 47, without extensions).',
      examples: ['en', 'pt-BR'],
    },
  ],
  [
    ActiveTime,
    {
      type: 'string',
      pattern: '^(always|(\\d|[01]\\d|2[0-3]):[0-5]\\d|24:00)$',
      description: '`always`, or a time of day.',
      examples: ['always', '0:00', '17:30', '24:00'],
    },
  ],
  [
    RequestedEvents,
    {
      anyOf: [{ type: 'array', minItems: 1, items: { type: 'string' } }, { type: 'string' }],
      description: `Names of events, with or without \`on\`, as a list or one text with commas; \`all\` for all of these: ${LIVE_EVENTS.join(', ')}. Accepted, and never raised: ${Object.keys(DEAD_EVENTS).join(', ')}.`,
      examples: [['onMessage', 'onAck'], 'message,ack', 'all'],
    },
  ],
]);

/** A form of the text that JSON Schema has a name for: the pattern beside it says nothing more. */
const NAMED_FORMATS: readonly unknown[] = ['date', 'date-time', 'email', 'uri'];

/** A file of a multipart form. */
const FILE = { type: 'string', format: 'binary' } as const;

/** What zod-openapi asks of every schema that it turns into JSON Schema. */
export const SCHEMA_OPTIONS = {
  override: overrideSchema,
  // At the border these are files alone, `z.instanceof(File)`.
  allowEmptySchema: { custom: { input: true } },
} as const;

function overrideSchema({
  zodSchema,
  jsonSchema,
  io,
}: {
  zodSchema: z.core.$ZodType;
  jsonSchema: Record<string, unknown>;
  io: 'input' | 'output';
}): void {
  if (NAMED_FORMATS.includes(jsonSchema['format'])) delete jsonSchema['pattern'];
  // Answers may come to say more: who reads them must not mind. Our tests do.
  if (io === 'output' && jsonSchema['additionalProperties'] === false) {
    delete jsonSchema['additionalProperties'];
  }
  if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, FILE);
  for (const [schema, known] of INPUT_TYPES) {
    if (schema !== zodSchema) continue;
    for (const name of Object.keys(jsonSchema)) delete jsonSchema[name];
    Object.assign(jsonSchema, known);
  }
}
