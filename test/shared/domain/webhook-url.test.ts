import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWebhookUrl } from '#shared/domain/webhook-url.ts';

const PUBLIC = { allowPrivate: false };
const PRIVATE = { allowPrivate: true };

function kindOf(text: string, options = PUBLIC): string {
  return checkWebhookUrl(text, options).kind;
}

describe('checkWebhookUrl', () => {
  it.each([
    'https://example.com',
    'https://example.com:8443/a?b=c',
    'https://xn--bcher-kva.example/',
    'https://bücher.example/',
    'https://8.8.8.8/',
    'https://172.32.0.1/',
    'https://[2606:4700::1111]/',
    'https://[2001:4860:4860::8888]/',
  ])('takes %s', (text) => {
    expect(checkWebhookUrl(text, PUBLIC)).toEqual({ kind: 'ok', url: new URL(text).href });
  });

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'example.com',
    '//example.com/',
    '',
    'https://',
    'https://user@example.com/',
    'https://:pass@example.com/',
  ])('refuses %s', (text) => {
    expect(kindOf(text)).toBe('refused');
  });

  it.each([
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://printer/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://router.home.arpa/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://169.254.169.254/',
    'https://172.16.0.1/',
    'https://192.0.0.1/',
    'https://192.168.1.1/',
    'https://198.18.0.1/',
    'https://203.0.113.5/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://①②⑦.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
    'https://[2001::1]/',
    'https://[2002:7f00:1::]/',
  ])('refuses %s, and takes it where private hosts are allowed', (text) => {
    expect(kindOf(text)).toBe('refused');
    expect(kindOf(text, PRIVATE)).toBe('ok');
  });

  it('refuses every private IPv4 address however it is written', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const blocks = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    );
    fc.assert(
      fc.property(blocks, ([a, b, c, d]) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const hosts = [
          `${a}.${b}.${c}.${d}`,
          `${number}`,
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          `[::ffff:${a}.${b}.${c}.${d}]`,
        ];
        for (const host of hosts) expect(kindOf(`https://${host}/`)).toBe('refused');
      }),
    );
  });

  it('allows plain http with private hosts only', () => {
    expect(kindOf('http://localhost:9000/hook', PRIVATE)).toBe('ok');
    expect(kindOf('ftp://localhost/', PRIVATE)).toBe('refused');
    expect(kindOf('http://user@localhost/', PRIVATE)).toBe('refused');
  });

  it('has a limit of length', () => {
    const base = 'https://example.com/';

    expect(kindOf(base + 'x'.repeat(2048 - base.length))).toBe('ok');
    expect(kindOf(base + 'x'.repeat(2049 - base.length))).toBe('refused');
  });

  it('never fails, and says why it refuses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), fc.boolean(), (text, allow) => {
        const check = checkWebhookUrl(text, { allowPrivate: allow });
        if (check.kind === 'refused') expect(check.reason).toMatch(/^must /);
      }),
    );
  });
});
