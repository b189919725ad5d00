import fc from 'fast-check';

/** A body, and what it says that it is. */
export type HostileBody = { readonly contentType: string; readonly bytes: Buffer };

const BOUNDARY = 'hostile';
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** Values that nobody should send. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    0.1,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udc00y',
    '\u202e\ufeff\u2028',
    '__proto__',
    'constructor',
    'NaN',
    'null',
    '{}',
    '[]',
    '[object Object]',
    '../../etc/passwd',
    '%00%ff',
    '@c.us',
    '0@g.us',
    '==not base64==',
    'data:;base64,////',
    'x'.repeat(70_000),
    [],
    {},
    [[[[]]]],
    [null],
    { length: 1e9 },
    { toString: 'x', valueOf: 1 },
    JSON.parse('{"__proto__": {"isAdmin": true}}'),
    { constructor: { prototype: { isAdmin: true } } },
    nested(200),
    Array.from({ length: 20_000 }, () => 0),
  ),
  fc.jsonValue({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.base64String({ maxLength: 80 }),
);

function nested(depth: number): unknown {
  let inner: unknown = 0;
  for (let level = 0; level < depth; level += 1) inner = level % 2 === 0 ? [inner] : { a: inner };
  return inner;
}

/** The body with one to three of its fields, at any depth, made hostile. */
function spoilt(body: object): fc.Arbitrary<Record<string, unknown>> {
  const paths = pathsIn(body);
  const where = paths.length === 0 ? fc.constant(['x']) : fc.constantFrom(...paths);
  const faults = fc.array(fc.tuple(where, value), { minLength: 1, maxLength: 3 });
  return faults.map((list) => {
    const copy: Record<string, unknown> = structuredClone({ ...body });
    for (const [path, fault] of list) put(copy, path, fault);
    return copy;
  });
}

function pathsIn(body: unknown, before: readonly string[] = []): string[][] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, inner]) => {
    const path = [...before, name];
    return [path, ...pathsIn(inner, path)];
  });
}

/** An earlier fault may have taken the way to it away: then nothing is put. */
function put(target: object, [name = '', ...rest]: readonly string[], fault: unknown): void {
  if (rest.length === 0) Reflect.set(target, name, fault);
  const inner: unknown = Reflect.get(target, name);
  if (rest.length > 0 && typeof inner === 'object' && inner !== null) put(inner, rest, fault);
}

function asText(field: unknown): string {
  return typeof field === 'string' ? field : JSON.stringify(field);
}

function toJson(body: object): HostileBody {
  return { contentType: JSON_TYPE, bytes: Buffer.from(JSON.stringify(body)) };
}

function toForm(body: object): HostileBody {
  const fields = Object.entries(body).map(([name, field]): [string, string] => [
    name,
    asText(field),
  ]);
  return { contentType: FORM, bytes: Buffer.from(new URLSearchParams(fields).toString()) };
}

/** Fields as they come, with NULs and line ends in their names and values; and a file of no known type. */
function toMultipart(body: object): HostileBody {
  const parts = Object.entries(body).map(
    ([name, field]) =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${asText(field)}\r\n`,
  );
  const file = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a\0b"\r\ncontent-type: image/png\r\n\r\nnone\r\n`;
  return {
    contentType: MULTIPART,
    bytes: Buffer.from(`${parts.join('')}${file}--${BOUNDARY}--\r\n`),
  };
}

/** The bytes cut off somewhere, or one of them changed. */
function broken({ contentType, bytes }: HostileBody): fc.Arbitrary<HostileBody> {
  return fc.tuple(fc.nat(bytes.length), fc.nat(255), fc.boolean()).map(([at, byte, isCut]) => {
    const changed = Buffer.from(isCut ? bytes.subarray(0, at) : bytes);
    if (!isCut && changed.length > 0) changed[Math.min(at, changed.length - 1)] = byte;
    return { contentType, bytes: changed };
  });
}

const contentType = fc.constantFrom(
  JSON_TYPE,
  FORM,
  MULTIPART,
  'multipart/form-data',
  'multipart/form-data; boundary=""',
  'application/json; charset=utf-16',
  'application/octet-stream',
  'text/plain',
  'no type at all',
  '',
);

const rawText = fc.constantFrom(
  '[]',
  'null',
  '0',
  '"text"',
  '{',
  '{"a":1}}',
  '{"a":01}',
  "{'a':1}",
  '\ufeff{}',
  '{"a":"\\ud800"}',
  '{"__proto__":{}}',
  '{"constructor":1}',
  '['.repeat(50_000),
  '{"a":'.repeat(50_000),
  `{"a":"${'x'.repeat(200_000)}"}`,
  'a=1&'.repeat(2_000),
  `--${BOUNDARY}\r\n`,
  `--${BOUNDARY}--`,
);

/** Bytes that are no body of ours, in any encoding. */
const raw: fc.Arbitrary<Buffer> = fc.oneof(
  rawText.map((text) => Buffer.from(text)),
  rawText.map((text) => Buffer.from(text.slice(0, 1_000), 'utf16le')),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text, 'latin1')),
);

/** What a call with this good body may get instead of it. */
export function hostileBodies(good: object): fc.Arbitrary<HostileBody> {
  const encoded = spoilt(good).chain((body) =>
    fc.oneof(
      { weight: 5, arbitrary: fc.constant(toJson(body)) },
      { weight: 2, arbitrary: fc.constant(toForm(body)) },
      { weight: 2, arbitrary: fc.constant(toMultipart(body)) },
    ),
  );
  return fc.oneof(
    { weight: 7, arbitrary: encoded },
    { weight: 2, arbitrary: encoded.chain(broken) },
    {
      weight: 1,
      arbitrary: fc.tuple(encoded, contentType).map(([{ bytes }, type]) => ({
        contentType: type,
        bytes,
      })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(raw, contentType).map(([bytes, type]) => ({ contentType: type, bytes })),
    },
  );
}
