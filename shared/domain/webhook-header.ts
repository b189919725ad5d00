/** Names and values of headers that a customer may have sent along with each of his events. */
const NAME_LENGTH_MAX = 128;
const VALUE_LENGTH_MAX = 2_048;

/** RFC 9110 §5.6.2. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** RFC 9110 §5.5 leaves more to what is obsolete; CR, LF and NUL would begin another header, or end this one. */
const PRINTABLE = /^[ -~]*$/;

type Rule = { readonly names: RegExp; readonly reason: string };

/** Of names as `fold` makes them. */
const REFUSED: readonly Rule[] = [
  {
    // RFC 9110 §7.6.1, and what HTTP/1.1 knew before.
    names: /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings)$/,
    reason: 'may not be set: it belongs to the connection',
  },
  {
    names: /^(host|expect|content-.*)$/,
    reason: 'may not be set: it belongs to the request itself',
  },
  {
    names: /^(webhook|x-whatsapp)-/,
    reason: 'may not be set: the name is kept for what the API says itself',
  },
  {
    names: /^(forwarded|via|x-real-ip|x-forwarded-.*)$/,
    reason: 'may not be set: it would say that somebody else sent the event',
  },
  {
    names:
      /^(x-http-method|x-http-method-override|x-method-override|x-original-url|x-rewrite-url)$/,
    reason: 'may not be set: it would make another call of the event',
  },
];

/** What is wrong with a header that a customer asks for, if anything is. `value` is as it would be sent. */
export function faultOfHeader(name: string, value: string): string | undefined {
  if (name.length > NAME_LENGTH_MAX)
    return `must have a name of at most ${NAME_LENGTH_MAX} characters`;
  if (!TOKEN.test(name)) return 'is not the name of a header';
  const rule = REFUSED.find(({ names }) => names.test(fold(name)));
  if (rule) return rule.reason;
  if (value.length > VALUE_LENGTH_MAX) return `must have at most ${VALUE_LENGTH_MAX} characters`;
  return PRINTABLE.test(value) ? undefined : 'must be printable ASCII characters, on one line';
}

/** As a receiver behind CGI sees a name (RFC 3875 §4.1.18): `Webhook_Id` is one with `webhook-id` there. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
}

/** Whether the value is shown to nobody, not even to who has set it. */
export function isSecretHeader(name: string): boolean {
  return /auth|cookie|token|secret|key|pass|credential|signature/i.test(name);
}
