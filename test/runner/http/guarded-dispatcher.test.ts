import fc from 'fast-check';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  assertDiallable,
  ForbiddenAddress,
  isPublic,
  makeGuardedDispatcher,
} from '#runner/http/guarded-dispatcher.ts';
import { startReceiver } from './receiver.ts';

const STRICT = { allowPrivate: false };
const SANDBOX = { allowPrivate: true };

const check = (host: string, guard = STRICT) => assertDiallable(new URL(`https://${host}/`), guard);

/** 127.0.0.1 in all the clothes that a URL allows, and what else is nobody's business. */
const PRIVATE_HOSTS = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '127.0.0.1.',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[::1]',
  '[::]',
  '0.0.0.0',
  '0',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[ff02::1]',
  '[2001:db8::1]',
  '[100::1]',
  '[4000::1]',
  '100.64.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];

describe('assertDiallable', () => {
  it.each(PRIVATE_HOSTS)('refuses https://%s/', (host) => {
    expect(() => check(host)).toThrow(ForbiddenAddress);
  });

  it.each(PRIVATE_HOSTS)('lets https://%s/ through in a sandbox', (host) => {
    expect(() => check(host, SANDBOX)).not.toThrow();
  });

  it.each([
    '8.8.8.8',
    '134744072',
    '172.15.0.1',
    '172.32.0.1',
    '169.253.0.1',
    '[2606:4700:4700::1111]',
    '[2a00:1450:4001::1]',
    '[::ffff:8.8.8.8]',
    'example.com',
    'localhost',
  ])('does not refuse https://%s/: a name is looked up when it is dialled', (host) => {
    expect(() => check(host)).not.toThrow();
  });

  it.each(['http:', 'ftp:', 'file:', 'ws:', 'javascript:'])('refuses %s', (scheme) => {
    expect(() => assertDiallable(new URL(`${scheme}//example.com/`), STRICT)).toThrow(/https/);
  });

  it('lets http through in a sandbox, and nothing else', () => {
    expect(() => assertDiallable(new URL('http://127.0.0.1:8080/'), SANDBOX)).not.toThrow();
    for (const url of ['ftp://127.0.0.1/', 'file:///etc/passwd', 'ws://127.0.0.1/']) {
      expect(() => assertDiallable(new URL(url), SANDBOX)).toThrow(ForbiddenAddress);
    }
  });
});

describe('isPublic', () => {
  const octet = fc.nat(255);
  const ipv4 = (first: fc.Arbitrary<number[]>) =>
    fc
      .tuple(first, fc.array(octet, { minLength: 4, maxLength: 4 }))
      .map(([head, tail]) => [...head, ...tail].slice(0, 4));
  const privateIpv4 = ipv4(
    fc.oneof(
      fc.constantFrom<number[]>(
        [0],
        [10],
        [127],
        [192, 168],
        [169, 254],
        [192, 0, 2],
        [203, 0, 113],
      ),
      fc.integer({ min: 16, max: 31 }).map((second) => [172, second]),
      fc.integer({ min: 64, max: 127 }).map((second) => [100, second]),
      fc.integer({ min: 224, max: 255 }).map((first) => [first]),
    ),
  );
  const publicIpv4 = ipv4(fc.integer({ min: 11, max: 99 }).map((first) => [first]));
  const [dotted, hex] = [
    (octets: number[]) => octets.join('.'),
    ([a = 0, b = 0, c = 0, d = 0]: number[]) =>
      `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`,
  ];

  it('knows no private IPv4 address as public, in IPv6 clothes either', () => {
    fc.assert(
      fc.property(privateIpv4, (octets) => {
        expect(isPublic(dotted(octets))).toBe(false);
        for (const prefix of ['::ffff:', '::', '64:ff9b::', '64:ff9b:1::', '::ffff:0:']) {
          expect(isPublic(prefix + hex(octets))).toBe(false);
        }
        expect(isPublic(`2002:${hex(octets)}::1`)).toBe(false);
      }),
    );
  });

  it('knows public IPv4 addresses, mapped too', () => {
    fc.assert(
      fc.property(publicIpv4, (octets) => {
        expect(isPublic(dotted(octets))).toBe(true);
        expect(isPublic(`::ffff:${hex(octets)}`)).toBe(true);
      }),
    );
  });

  it('knows nothing outside 2000::/3 as public, but mapped IPv4', () => {
    const group = fc.nat(0xffff);
    const outside = group.filter((first) => first < 0x2000 || first > 0x3fff);
    const rest = fc.array(group, { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(outside, rest, (first, others) => {
        const address = [first, ...others].map((each) => each.toString(16)).join(':');
        fc.pre(!address.startsWith('0:0:0:0:0:ffff:'));
        expect(isPublic(address)).toBe(false);
      }),
    );
  });
});

describe('makeGuardedDispatcher', () => {
  function dispatcherOf(guard: { allowPrivate: boolean }) {
    const dispatcher = makeGuardedDispatcher(guard);
    onTestFinished(async () => await dispatcher.close());
    return dispatcher;
  }

  it('does not dial a name that resolves to a private address', async () => {
    const { port, connections } = await startReceiver();
    const dispatcher = dispatcherOf(STRICT);
    for (const scheme of ['http', 'https']) {
      const dialled = request(`${scheme}://localhost:${port}/hook`, { dispatcher });
      await expect(dialled).rejects.toThrow(ForbiddenAddress);
    }
    expect(connections()).toBe(0);
  });

  it('tells a name that does not resolve from one that is forbidden', async () => {
    const dispatcher = dispatcherOf(STRICT);
    const dialled = request('https://does-not-exist.invalid/', { dispatcher });
    await expect(dialled).rejects.not.toThrow(ForbiddenAddress);
  });

  it('dials everything in a sandbox', async () => {
    const { port, posts } = await startReceiver();
    const dispatcher = dispatcherOf(SANDBOX);
    const { statusCode, body } = await request(`http://localhost:${port}/hook`, { dispatcher });
    await body.dump();
    expect(statusCode).toBe(204);
    expect(posts).toHaveLength(1);
  });
});
