import type { MediaKind } from './message-content.ts';

/** WhatsApp's apps take files of 100 MB of any kind; the simulated network takes just as many. */
export const MEDIA_BYTES_MAX = 100 * 1024 * 1024;

export type MediaTypeDecision =
  | { readonly kind: 'ok'; readonly mimetype: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** What is known of a file's type: what the customer says, what its first bytes are, and how it is called. */
export type MediaTypeHints = {
  readonly claimed?: string | undefined;
  readonly sniffed?: string | undefined;
  readonly fileName?: string | undefined;
};

type Shown = Readonly<Record<string, string>>;

const PICTURES: Shown = {
  'image/jpeg': 'image/jpeg',
  'image/png': 'image/png',
  'image/apng': 'image/png',
  'image/webp': 'image/webp',
};

/** The bytes that WhatsApp's apps show as each kind, and the type that such a file is sent under. */
const SHOWN: Readonly<Record<Exclude<MediaKind, 'document'>, Shown>> = {
  image: PICTURES,
  video: {
    'video/mp4': 'video/mp4',
    'video/x-m4v': 'video/mp4',
    'video/3gpp': 'video/3gpp',
    'video/quicktime': 'video/quicktime',
  },
  audio: {
    'audio/mpeg': 'audio/mpeg',
    'audio/ogg': 'audio/ogg',
    'audio/ogg; codecs=opus': 'audio/ogg; codecs=opus',
    'audio/mp4': 'audio/mp4',
    'audio/x-m4a': 'audio/mp4',
    // Many recorders mark a file with nothing but sound as any other MP4.
    'video/mp4': 'audio/mp4',
    'audio/aac': 'audio/aac',
    'audio/amr': 'audio/amr',
    'audio/wav': 'audio/wav',
  },
  // Whatever picture it was, it becomes a WebP.
  sticker: Object.fromEntries(Object.keys(PICTURES).map((picture) => [picture, 'image/webp'])),
};

const WANTED = {
  image: 'An image is a JPEG, PNG or WebP',
  video: 'A video is an MP4, 3GP or QuickTime file',
  audio: 'An audio is an MP3, Ogg, M4A, AAC, AMR or WAV file',
  sticker: 'A sticker is a WebP, PNG or JPEG',
} as const;

/**
 * The type that a file is sent under. Of what apps show or play the bytes alone decide: a wrong type there is a grey
 * box on somebody's phone. A document may be anything, and has its claim unless its bytes contradict it.
 */
export function decideMediaType(kind: MediaKind, hints: MediaTypeHints): MediaTypeDecision {
  if (kind === 'document') return { kind: 'ok', mimetype: typeOfDocument(hints) };
  const { sniffed } = hints;
  const mimetype = sniffed === undefined ? undefined : lookUp(SHOWN[kind], sniffed);
  if (mimetype !== undefined) return { kind: 'ok', mimetype };
  return { kind: 'refused', reason: `${WANTED[kind]}; ${found(kind, sniffed)}` };
}

function found(kind: MediaKind, sniffed: string | undefined): string {
  if (kind === 'image' && sniffed === 'image/gif') {
    return 'a GIF is sent as a document, or as a video in MP4.';
  }
  if (sniffed === undefined) return 'the bytes of this file are none of these.';
  return `the bytes of this file are ${sniffed}. It can be sent as a document.`;
}

const UNKNOWN = 'application/octet-stream';

/** Bytes that say no more than how a file is packed: Word's are a ZIP, old Excel's a CFB, SVG's an XML. */
const PACKAGES: ReadonlySet<string> = new Set([
  'application/zip',
  'application/x-cfb',
  'application/xml',
  'application/gzip',
]);
/** Types that no package has: who claims them for one is wrong. */
const NEVER_PACKED = /^(?:image\/(?!svg\+xml)|audio\/|video\/|application\/pdf$)/;

function typeOfDocument({ claimed, sniffed, fileName }: MediaTypeHints): string {
  const told = readClaim(claimed) ?? typeOfName(fileName);
  if (sniffed === undefined) return told ?? UNKNOWN;
  if (told === undefined) return sniffed;
  if (PACKAGES.has(sniffed) && !NEVER_PACKED.test(told)) return told;
  return sniffed;
}

/** RFC 6838 §4.2, with parameters; what says nothing is no claim. */
const MIMETYPE = /^[a-z]+\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}(?:; ?[a-z0-9-]+="?[a-z0-9._-]+"?)*$/;

function readClaim(claimed: string | undefined): string | undefined {
  const type = claimed?.trim().toLowerCase() ?? '';
  return MIMETYPE.test(type) && type !== UNKNOWN ? type : undefined;
}

/** Files that have no bytes to be known by, by the ends of their names. */
const TYPES_BY_ENDING: Shown = {
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  md: 'text/markdown',
  json: 'application/json',
  xml: 'application/xml',
  svg: 'image/svg+xml',
  ics: 'text/calendar',
  vcf: 'text/vcard',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  apk: 'application/vnd.android.package-archive',
};

function typeOfName(fileName: string | undefined): string | undefined {
  const ending = /\.([a-z]{2,4})$/.exec(fileName?.toLowerCase() ?? '')?.[1];
  return ending === undefined ? undefined : lookUp(TYPES_BY_ENDING, ending);
}

function lookUp(table: Shown, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
