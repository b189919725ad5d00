import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestConfig } from '#shared/domain/request-config.ts';
import { toShownRequestConfig } from '#shared/domain/webhook-request.ts';

/** The path of each fault, with what is said. */
function faultsOf(value: unknown): string[] {
  const { error } = RequestConfig.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
}

const TIMEOUT_FAULT = 'timeout must be a whole number of milliseconds from 1000 to 10000';

describe('RequestConfig', () => {
  it.each([undefined, null, {}, { headers: {} }, { headers: null, timeout: null }])(
    'sets nothing by %j',
    (value) => {
      expect(RequestConfig.parse(value)).toBeUndefined();
    },
  );

  it('keeps headers by lower case names, as texts', () => {
    const headers = { 'X-Tenant': 'a', 'x-count': 3, 'X-Flag': false, Authorization: 'Basic eA==' };
    expect(RequestConfig.parse({ headers })).toEqual({
      headers: { 'x-tenant': 'a', 'x-count': '3', 'x-flag': 'false', authorization: 'Basic eA==' },
    });
  });

  it.each([1_000, 2_500, 10_000])('takes a timeout of %i ms', (timeout) => {
    expect(RequestConfig.parse({ timeout })).toEqual({ headers: {}, timeoutMs: timeout });
  });

  it.each([0, -1, 999, 1_000.5, 10_001, Number.NaN, Number.POSITIVE_INFINITY, '5000', true, []])(
    'refuses a timeout of %j',
    (timeout) => {
      expect(faultsOf({ timeout })).toEqual([TIMEOUT_FAULT]);
    },
  );

  it('refuses each thing that axios would take besides', () => {
    const config = { method: 'DELETE', url: 'http://169.254.169.254/', data: 'x', maxRedirects: 9 };
    const reason = 'may not be set: only headers and timeout may be set';
    expect(faultsOf({ ...config, timeout: 1 })).toEqual([
      TIMEOUT_FAULT,
      ...Object.keys(config).map((name) => `${name} ${reason}`),
    ]);
  });

  it.each(['text', 5, true, []])('refuses %j', (value) => {
    expect(RequestConfig.safeParse(value).success).toBe(false);
    expect(faultsOf({ headers: value })).toEqual(['headers must be an object of names and values']);
  });

  it.each([null, ['a'], { a: 1 }])('refuses the value %j', (value) => {
    expect(faultsOf({ headers: { x: value } })).toEqual([
      'headers.x must be a text, a number, true or false',
    ]);
  });

  it('tells of every header that is refused', () => {
    const headers = { Host: 'a', 'x-a': 'b', 'X-A': 'b', 'x-b': 'a\r\nhost: b' };
    expect(faultsOf({ headers })).toEqual([
      'headers.Host may not be set: it belongs to the request itself',
      'headers.X-A is there twice: capitals make no difference',
      'headers.x-b must be printable ASCII characters, on one line',
    ]);
  });

  it('takes 64 headers, and 8192 characters of them, and no more', () => {
    const several = (count: number, value: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${10 + n}`, value]));
    const full = { ...several(3, 'v'.repeat(2_044)), 'x-13': 'v'.repeat(2_044) };
    expect(faultsOf({ headers: several(64, 'v') })).toEqual([]);
    expect(faultsOf({ headers: several(65, 'v') })).toEqual(['headers must have at most 64 names']);
    expect(faultsOf({ headers: full })).toEqual([]);
    expect(faultsOf({ headers: { ...full, y: '' } })).toEqual([
      'headers must have at most 8192 characters in all, names and values',
    ]);
  });

  it('lets nothing through but lower case names and printable values, whatever comes', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('Host', 'TE', 'x-a', 'X-A', '__proto__', 'constructor', 'Upgrade', 'a\r\nb'),
    );
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.jsonValue());
    const headers = fc.dictionary(name, value, { maxKeys: 3 });
    const more = fc.dictionary(fc.constantFrom('timeout', 'method', 'url', 'data'), fc.jsonValue());
    fc.assert(
      fc.property(headers, more, (asked, rest) => {
        const { success, data } = RequestConfig.safeParse({ ...rest, headers: asked });
        if (!success || data === undefined) return;
        expect(Object.keys(data).every((key) => ['headers', 'timeoutMs'].includes(key))).toBe(true);
        for (const [key, text] of Object.entries(data.headers)) {
          expect(key).toMatch(/^[!#-'*+.0-9^-z|~-]+$/);
          expect(key).not.toMatch(/^(host|te|upgrade)$/);
          expect(text).toMatch(/^[ -~]*$/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('toShownRequestConfig', () => {
  it('is empty when nothing is set', () => {
    expect(toShownRequestConfig(undefined)).toEqual({});
  });

  it('shows no value that lets somebody in, and the others as they are', () => {
    const headers = { authorization: 'Bearer s3cret', 'x-api-key': 's3cret', 'x-tenant': 'a' };
    expect(toShownRequestConfig({ headers, timeoutMs: 5_000 })).toEqual({
      headers: { authorization: '•••', 'x-api-key': '•••', 'x-tenant': 'a' },
      timeout: 5_000,
    });
  });

  it('gives nothing that would be taken for a value when it comes back', () => {
    const shown = toShownRequestConfig({ headers: { cookie: 'a=b' } });
    expect(RequestConfig.safeParse(shown).success).toBe(false);
  });

  it('gives what may be set again, where nothing is hidden', () => {
    const request = { headers: { 'x-tenant': 'a' }, timeoutMs: 5_000 };
    expect(RequestConfig.parse(toShownRequestConfig(request))).toEqual(request);
  });
});
