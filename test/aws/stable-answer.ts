import type { RawAnswer } from './raw-call.ts';

/** An answer without what differs from one call to the next, so that two of them can be compared. */
export type StableAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What the transport adds; each home has its own. */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set([
  'apigw-requestid',
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

/** Ids, times and tokens, from the longest form to the shortest: what replaces them has none of them in it. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<jwt>'],
  [/wb[a-z]_[\w-]+/g, '<secret>'],
  [/whsec_[\w+/=]+/g, '<webhook secret>'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>'],
  [/"messageTimestamp":\d{10}\b/g, '"messageTimestamp":<seconds>'],
  [/3EB0[0-9A-F]{18}/g, '<WhatsApp id>'],
  [/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, '<ulid>'],
  [/\b[0-9a-f]{24}\b/g, '<id>'],
  // It has the id of its instance in it.
  [/"cursor":"[\w-]{30,}"/g, '"cursor":<cursor>'],
  // The document names the home that was asked.
  [/"servers":\[\{"url":"[^"]+"\}\]/g, '"servers":<address>'],
  // The greeting of the default message is chosen anew for each call.
  [/"text":"(?:Hi|Hello) /g, '"text":"<greeting> '],
  [/nonce-[\w-]+/g, '<nonce>'],
  [/nonce="[\w-]+"/g, '<nonce>'],
];

/** `known` are the values that the caller knows by name, such as a home's ids and tokens. */
export function toStable(
  { status, headers, body }: RawAnswer,
  known: Readonly<Record<string, string>>,
): StableAnswer {
  const stable = (text: string) => replaceVolatile(replaceKnown(text, known));
  const own = Object.entries(headers).filter(([name]) => !TRANSPORT_HEADERS.has(name));
  return {
    status,
    headers: Object.fromEntries(own.toSorted().map(([name, value]) => [name, stable(value)])),
    body: stable(body.toString('latin1')),
  };
}

function replaceKnown(text: string, known: Readonly<Record<string, string>>): string {
  return Object.entries(known).reduce(
    (replaced, [name, value]) => replaced.replaceAll(value, `<${name}>`),
    text,
  );
}

function replaceVolatile(text: string): string {
  return VOLATILE.reduce((replaced, [pattern, name]) => replaced.replaceAll(pattern, name), text);
}
