import { DomainError } from '#shared/domain/error.ts';
import { toFormFields } from './form-fields.ts';
import { malformed, parseJsonObject } from './parse-json.ts';

/** The fields of a body. Those of a form are text, or a file. */
export type ParsedBody = {
  readonly kind: 'json' | 'form';
  readonly fields: Readonly<Record<string, unknown>>;
};

export type RawBody = {
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
};

/**
 * Reads JSON, `application/x-www-form-urlencoded` and `multipart/form-data`, at any method. What begins with
 * `{` is JSON whatever it is called: curl's `--data` calls everything a form. No body has no fields.
 * Throws `malformed_body` and `unsupported_encoding`.
 */
export async function parseBody({
  body = '',
  isBase64Encoded,
  contentType = '',
  contentEncoding = '',
}: RawBody): Promise<ParsedBody> {
  if (body !== '') requirePlain(contentEncoding);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'multipart/form-data') return form(await readMultipart(bytes, contentType));

  const text = decodeUtf8(bytes).trim();
  if (text === '') return { kind: 'json', fields: {} };
  if (mediaType === 'application/x-www-form-urlencoded' && !/^[{[]/.test(text)) {
    requireUtf8Escapes(text);
    return form(new URLSearchParams(text));
  }
  return { kind: 'json', fields: parseJsonObject(text) };
}

/** A small compressed body can be a large one: none is taken. */
function requirePlain(contentEncoding: string): void {
  if (['', 'identity'].includes(contentEncoding.trim().toLowerCase())) return;
  throw new DomainError(
    'unsupported_encoding',
    'Bodies are taken as they are, without a content-encoding.',
  );
}

/** Of bytes that are no text, a form would make other characters. A lone percent sign is taken for itself. */
function requireUtf8Escapes(text: string): void {
  for (const [escapes] of text.matchAll(/(?:%[0-9a-f]{2})+/gi)) {
    try {
      decodeURIComponent(escapes);
    } catch (cause) {
      throw malformed('The form has escapes that are not UTF-8 text.', cause);
    }
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed('The body is not UTF-8 text.', cause);
  }
}

async function readMultipart(bytes: Uint8Array<ArrayBuffer>, contentType: string) {
  try {
    const headers = { 'content-type': contentType };
    return await new Response(bytes, { headers }).formData();
  } catch (cause) {
    throw malformed('The body is not a valid multipart form.', cause);
  }
}

function form(entries: Iterable<[string, unknown]>): ParsedBody {
  return { kind: 'form', fields: toFormFields(entries) };
}
