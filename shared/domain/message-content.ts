import * as z from 'zod';

/** WhatsApp shows no more of a text; longer ones are refused by its apps. */
export const TEXT_LENGTH_MAX = 65_536;

/** Another message, of whatever chat: ours, or one that reached us. */
export const MessageTarget = z.strictObject({
  waId: z.string(),
  chatId: z.string(),
  fromMe: z.boolean(),
});
export type MessageTarget = z.infer<typeof MessageTarget>;

/** One of the answers that a message offers. A reply of its number, or of its title, is a choice of it. */
export const Choice = z.strictObject({ id: z.string(), title: z.string() });
export type Choice = z.infer<typeof Choice>;

/** A button of WhatsApp's native flow, in WhatsApp's own words: `quick_reply`, `cta_url`, `cta_call`, `single_select`. */
const NativeButton = z.strictObject({ name: z.string(), params: z.string() });
/** The structure with buttons or a list in it, for what is to be sent natively and not as text. */
export const NativeFlow = z.strictObject({
  title: z.string().optional(),
  body: z.string(),
  footer: z.string().optional(),
  buttons: z.array(NativeButton),
});
export type NativeFlow = z.infer<typeof NativeFlow>;

/** Where the bytes of a file are: in our own store, or behind a URL that the runner is to fetch them from. */
export const MediaSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('blob'), key: z.string() }),
  z.strictObject({ kind: z.literal('url'), url: z.string() }),
]);
export type MediaSource = z.infer<typeof MediaSource>;

export const MediaKind = z.enum(['image', 'video', 'audio', 'document', 'sticker']);
export type MediaKind = z.infer<typeof MediaKind>;

/** What any message may carry beside what it says. */
const CONTEXT = {
  /** The message that it answers. */
  quoted: MessageTarget.optional(),
  /** The people who are named in it, as `…@c.us` or `…@lid`. */
  mentions: z.array(z.string()).optional(),
} as const;
const CHOICES = {
  choices: z.array(Choice).optional(),
  native: NativeFlow.optional(),
} as const;

const Text = z.strictObject({
  kind: z.literal('text'),
  text: z.string().min(1).max(TEXT_LENGTH_MAX),
  ...CONTEXT,
  ...CHOICES,
});

export const MediaContent = z.strictObject({
  kind: MediaKind,
  source: MediaSource,
  /** As the customer claims it; what the bytes are is known when they are looked at. */
  mimetype: z.string().optional(),
  fileName: z.string().optional(),
  caption: z.string().optional(),
  /** A voice note. */
  ptt: z.boolean().optional(),
  ...CONTEXT,
  ...CHOICES,
});
export type MediaContent = z.infer<typeof MediaContent>;

const Location = z.strictObject({
  kind: z.literal('location'),
  latitude: z.number(),
  longitude: z.number(),
  name: z.string().optional(),
  address: z.string().optional(),
  ...CONTEXT,
});

const ContactContent = z.strictObject({
  kind: z.literal('contact'),
  displayName: z.string(),
  vcard: z.string(),
  ...CONTEXT,
});

const Poll = z.strictObject({
  kind: z.literal('poll'),
  name: z.string(),
  options: z.array(z.string()),
  /** How many options a voter may choose; 0 is any number. */
  selectable: z.int().min(0),
  /** 32 random bytes in base64, with which the votes are encrypted. */
  secret: z.base64(),
  ...CONTEXT,
});

const Reaction = z.strictObject({
  kind: z.literal('reaction'),
  target: MessageTarget,
  /** Empty takes the reaction back. */
  emoji: z.string(),
});
const Edit = z.strictObject({
  kind: z.literal('edit'),
  target: MessageTarget,
  text: z.string().min(1).max(TEXT_LENGTH_MAX),
});
const Deletion = z.strictObject({ kind: z.literal('delete'), target: MessageTarget });
const Forward = z.strictObject({ kind: z.literal('forward'), target: MessageTarget });

/** What an accepted message says. */
export const MessageContent = z.discriminatedUnion('kind', [
  Text,
  MediaContent,
  Location,
  ContactContent,
  Poll,
  Reaction,
  Edit,
  Deletion,
  Forward,
]);
export type MessageContent = z.infer<typeof MessageContent>;

/** Bytes in base64, as WhatsApp's JSON has them. */
const Bytes = z.base64();

/**
 * Where WhatsApp keeps a file of ours, and how it is opened. The same for every attempt to send the message, so that a
 * repeat is the same message to the byte.
 */
export const MediaUpload = z.strictObject({
  url: z.string(),
  directPath: z.string(),
  mediaKey: Bytes,
  fileSha256: Bytes,
  fileEncSha256: Bytes,
  /** Bytes of the file as it is shown. */
  fileLength: z.int().min(0),
  /** Seconds since 1970. */
  mediaKeyTimestamp: z.int(),
  /** What the bytes are. */
  mimetype: z.string(),
  width: z.int().optional(),
  height: z.int().optional(),
  /** How long it plays. */
  seconds: z.int().optional(),
  /** Of a document. */
  fileName: z.string().optional(),
  /** A small JPEG. */
  jpegThumbnail: Bytes.optional(),
});
export type MediaUpload = z.infer<typeof MediaUpload>;

export function isMedia(content: MessageContent): content is MediaContent {
  return MediaKind.safeParse(content.kind).success;
}
