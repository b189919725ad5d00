/** URLs longer than this are refused by much that lies on the way. */
const URL_LENGTH_MAX = 2048;

export type WebhookUrlCheck =
  | { readonly kind: 'ok'; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Whether events may be posted to this URL, as far as its text tells. Names are resolved and every address is
 * checked again when it is dialled; this only refuses what is wrong already. `allowPrivate` lets plain http and
 * private hosts pass, for a receiver on the same machine.
 */
export function checkWebhookUrl(
  text: string,
  { allowPrivate }: { allowPrivate: boolean },
): WebhookUrlCheck {
  if (text.length > URL_LENGTH_MAX) {
    return refused(`must not be longer than ${URL_LENGTH_MAX} characters`);
  }
  if (!URL.canParse(text)) return refused('must be a URL, like https://example.com/hook');
  const url = new URL(text);
  const schemes = allowPrivate ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) {
    return refused(
      allowPrivate ? 'must begin with https:// or http://' : 'must begin with https://',
    );
  }
  if (url.username !== '' || url.password !== '')
    return refused('must not hold a user or password');
  if (!allowPrivate && isPrivateHost(url.hostname)) return refused('must have a public host');
  return { kind: 'ok', url: url.href };
}

function refused(reason: string): WebhookUrlCheck {
  return { kind: 'refused', reason };
}

const PRIVATE_SUFFIXES = ['localhost', 'local', 'internal', 'home.arpa'] as const;

/** `hostname` as WHATWG URL writes it: lower case, IPv4 in four decimals whatever the text said, IPv6 in brackets. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return !isGlobalIpv6(host.slice(1, -1));
  const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
  if (octets) return isPrivateIpv4(octets);
  const isBareName = !host.includes('.');
  return isBareName || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`));
}

/** The IANA registry of special-purpose IPv4 addresses, and multicast and above. */
function isPrivateIpv4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  switch (a) {
    case 0:
    case 10:
    case 127:
      return true;
    case 100:
      return b >= 64 && b <= 127;
    case 169:
      return b === 254;
    case 172:
      return b >= 16 && b <= 31;
    case 192:
      return b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99);
    case 198:
      return b === 18 || b === 19 || (b === 51 && c === 100);
    case 203:
      return b === 0 && c === 113;
    default:
      return a >= 224;
  }
}

/**
 * Global unicast is 2000::/3; within it, 2001::/23 is set apart (Teredo too), 2001:db8::/32 is for documents and
 * 2002::/16 (6to4) carries an IPv4 address of any kind.
 */
function isGlobalIpv6(address: string): boolean {
  const [first = 0, second = 0] = address
    .split('::', 1)
    .flatMap((head) => head.split(':'))
    .map((group) => Number.parseInt(group || '0', 16));
  if (first < 0x2000 || first > 0x3fff || first === 0x2002) return false;
  return first !== 0x2001 || (second >= 0x0200 && second !== 0x0db8);
}
