import fc from 'fast-check';

/** First and last octets of what is nobody's business (IANA special-purpose registry). */
const PRIVATE_BLOCKS: readonly (readonly [first: number, second: number])[] = [
  [0, 0],
  [10, 1],
  [100, 64],
  [127, 0],
  [169, 254],
  [172, 16],
  [172, 31],
  [192, 168],
  [198, 18],
  [224, 0],
  [255, 255],
];

type Octets = readonly [number, number, number, number];

/** Mostly this machine, where somebody listens and counts. */
const privateOctets: fc.Arbitrary<Octets> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Octets>([127, 0, 0, 1]) },
  fc
    .tuple(fc.constantFrom(...PRIVATE_BLOCKS), fc.nat(255), fc.nat(255))
    .map(([[a, b], c, d]): Octets => [a, b, c, d]),
);

const toNumber = (octets: readonly number[]) => octets.reduce((sum, octet) => sum * 256 + octet, 0);
const hex = (value: number, digits = 0) => value.toString(16).padStart(digits, '0');

/** One number as C's `inet_aton` reads it. */
const part = (value: number) =>
  fc.constantFrom(String(value), `0x${hex(value)}`, `0X${hex(value, 8)}`, `0${value.toString(8)}`);

/** An IPv4 address in one to four parts, each in any base. */
const ipv4 = privateOctets.chain((octets) =>
  fc.constantFrom(1, 2, 3, 4).chain((count) => {
    const last = toNumber(octets.slice(count - 1));
    return fc.tuple(...[...octets.slice(0, count - 1), last].map(part)).map((p) => p.join('.'));
  }),
);

/** An IPv4 address inside of an IPv6 address, and those that IPv6 keeps for itself. */
const ipv6 = privateOctets.chain((octets) => {
  const [high, low] = [toNumber(octets.slice(0, 2)), toNumber(octets.slice(2))];
  const words = `${hex(high)}:${hex(low)}`;
  const dotted = octets.join('.');
  return fc.constantFrom(
    `::ffff:${dotted}`,
    `::FFFF:${words}`,
    `0:0:0:0:0:ffff:${words}`,
    `::${dotted}`,
    `::ffff:0:${dotted}`,
    `64:ff9b::${dotted}`,
    `64:ff9b:1::${words}`,
    `2002:${words}::`,
    `2002:${words}::1`,
    `2001:0:${words}::`,
    `2001:db8::${words}`,
    `fe80::${words}`,
    `fe80::1%25lo`,
    '::1%lo',
    `fc00::${words}`,
    `fd00:ec2::254`,
    `fec0::${words}`,
    `ff02::${words}`,
    '::1',
    '::',
    '0000:0000:0000:0000:0000:0000:0000:0001',
  );
});

/** Names of this machine, in letters that a URL makes the same. */
const name = fc.constantFrom(
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'local\u00adhost',
  'metadata.google.internal',
  'printer.local',
  'router.home.arpa',
  'intranet',
  'xn--localhost-9999',
);

/** Digits and dots that are not ASCII's (UTS 46 maps them), and dots at the end. */
const dressed = ipv4.chain((address) =>
  fc.constantFrom(
    address,
    `${address}.`,
    address.replaceAll('.', '。'),
    address.replaceAll('.', '%2e'),
    address.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    address.replace('.', '.\t'),
  ),
);

const host = fc.oneof(
  { weight: 5, arbitrary: dressed },
  { weight: 4, arbitrary: ipv6.map((address) => `[${address}]`) },
  { weight: 1, arbitrary: name },
);

const scheme = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('https://', 'HTTPS://', 'https:', 'https:\\\\') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('http://', 'ftp://', 'file://', 'ws://', 'gopher://', '//', ' '),
  },
);

const userinfo = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  fc.constantFrom('user@', 'user:pw@', '8.8.8.8@', 'example.com:443@', ':@', '%40@'),
);

const path = fc.constantFrom('', '/', '/file.jpg', '?q=@8.8.8.8', '#@example.com', '\\@8.8.8.8/');

/** URLs of private addresses, in every way to write them that we know of. `port` is one on which a test listens. */
export function hostileUrls(port: number): fc.Arbitrary<string> {
  const ports = fc.constantFrom('', `:${port}`, `:${port}`, `:0${port}`, ':443', ':22', ':99999');
  return fc.tuple(scheme, userinfo, host, ports, path).map((parts) => parts.join(''));
}
