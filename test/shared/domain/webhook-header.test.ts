import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOfHeader, isSecretHeader } from '#shared/domain/webhook-header.ts';

const BELONGS_TO_NO_CUSTOMER = [
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'host',
  'expect',
  'content-length',
  'content-type',
  'content-encoding',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'x-whatsapp-account',
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-http-method-override',
  'x-rewrite-url',
];

const anyCapitals = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((ups) => [...text].map((c, n) => (ups[n] ? c.toUpperCase() : c)).join(''));

/** As receivers behind CGI take it for the same. */
const anySpelling = (text: string) =>
  fc.constantFrom('-', '_', '.').map((mark) => text.replaceAll('-', mark));

describe('faultOfHeader', () => {
  it.each([
    ['authorization', 'Bearer abc'],
    ['Cookie', 'a=b; c=d'],
    ['User-Agent', 'mine/1'],
    ['accept', '*/*'],
    ['x-tenant', ''],
    ['x.y_z|~', '!"#$%&()[]{} ~'],
    ['x-content-type', 'text'],
    ['x-webhook-id', '1'],
    ['webhook', '1'],
    ['hosting', '1'],
    ['tea', '1'],
    ['x'.repeat(128), 'y'.repeat(2048)],
  ])('takes %s', (name, value) => {
    expect(faultOfHeader(name, value)).toBeUndefined();
  });

  it.each(BELONGS_TO_NO_CUSTOMER)('never takes %s, whatever its spelling', (name) => {
    fc.assert(
      fc.property(anySpelling(name).chain(anyCapitals), fc.string(), (spelt, value) => {
        expect(faultOfHeader(spelt, value)).toMatch(/^may not be set: /);
      }),
    );
  });

  it.each(['proxy-', 'content-', 'webhook-', 'x-whatsapp-', 'x-forwarded-'])(
    'never takes what begins with %s',
    (prefix) => {
      const rest = fc.stringMatching(/^[a-zA-Z0-9-]{0,40}$/);
      fc.assert(
        fc.property(rest, (name) => {
          expect(faultOfHeader(`${prefix}${name}`, 'x')).toBeDefined();
        }),
      );
    },
  );

  it('takes only names and values that a request can carry as they are', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aZ0-_.~|!# :;"é€\r\n\0\t'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, (name, value) => {
        fc.pre(faultOfHeader(name, value) === undefined);
        expect(new Headers([[name, value]]).get(name)).toBe(value.trim());
      }),
    );
  });

  it('takes no CR, LF, NUL or tab, wherever it is', () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(text, fc.constantFrom('\r', '\n', '\0', '\r\n', '\t'), text, (a, evil, b) => {
        expect(faultOfHeader(`x${a}${evil}${b}`, 'v')).toBe('is not the name of a header');
        expect(faultOfHeader('x', `${a}${evil}${b}`)).toMatch(/^must be printable/);
      }),
    );
  });

  it.each([
    ['', 'v', 'is not the name of a header'],
    [':method', 'v', 'is not the name of a header'],
    ['x y', 'v', 'is not the name of a header'],
    ['x:', 'v', 'is not the name of a header'],
    ['é', 'v', 'is not the name of a header'],
    ['x'.repeat(129), 'v', 'must have a name of at most 128 characters'],
    ['x', 'v'.repeat(2049), 'must have at most 2048 characters'],
    ['x', 'é', 'must be printable ASCII characters, on one line'],
    ['x', '•••', 'must be printable ASCII characters, on one line'],
  ])('says what is wrong with %j: %j', (name, value, fault) => {
    expect(faultOfHeader(name, value)).toBe(fault);
  });
});

describe('isSecretHeader', () => {
  it.each([
    'authorization',
    'Authorization',
    'cookie',
    'x-api-key',
    'X-ApiKey',
    'x-auth',
    'x-access-token',
    'client-secret',
    'x-password',
    'x-hub-signature',
  ])('is true of %s', (name) => {
    expect(isSecretHeader(name)).toBe(true);
  });

  it.each(['accept', 'user-agent', 'x-tenant', 'traceparent'])('is false of %s', (name) => {
    expect(isSecretHeader(name)).toBe(false);
  });
});
