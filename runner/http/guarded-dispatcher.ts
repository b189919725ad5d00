import { type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, type Dispatcher } from 'undici';

const CONNECT_TIMEOUT_MS = 3_000;
const CONNECTIONS_PER_ORIGIN = 4;
const RESPONSE_HEADER_BYTES_MAX = 16_384;

/** The URL, or what it resolves to, is not to be dialled. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

export type UrlGuard = {
  /** Allows http and addresses that are not public: for a sandbox on one machine. */
  readonly allowPrivate: boolean;
};

type Address = { readonly address: string; readonly family: number };
/** Finds all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly Address[]) => void,
) => void;

export type DispatcherOptions = {
  /** Connections to one origin at most; `null` where whoever calls keeps the limits. */
  readonly connections?: number | null;
  /** The operating system's way when nothing is said. */
  readonly resolve?: Resolve;
};

/**
 * The only way to a URL that a customer gave. Every address that its name resolves to must be public, and just
 * those that were checked are dialled, so that a name cannot change between check and dial. undici asks no
 * lookup for an address that is written out: `assertDiallable` looks at those, before every request.
 */
export function makeGuardedDispatcher(
  { allowPrivate }: UrlGuard,
  { connections = CONNECTIONS_PER_ORIGIN, resolve = lookup }: DispatcherOptions = {},
): Dispatcher {
  return new Agent({
    connections,
    maxHeaderSize: RESPONSE_HEADER_BYTES_MAX,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(!allowPrivate && { lookup: publicLookup(resolve) }),
    },
  });
}

/** Throws `ForbiddenAddress` for a URL that is refused as it stands. */
export function assertDiallable(url: URL, { allowPrivate }: UrlGuard): void {
  const isHttp = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !(isHttp && allowPrivate)) {
    throw new ForbiddenAddress('Only https is dialled.');
  }
  if (allowPrivate) return;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host) && !isPublic(host))
    throw new ForbiddenAddress('That address is not public.');
}

/** The only part of IPv6 that is given out for the public net (IANA, IPv6 Global Unicast). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Looks through IPv4 in IPv6's clothes: mapped addresses go by their IPv4, NAT64 and 6to4 are none of ours. */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.parse(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.range() === 'unicast';
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().range() === 'unicast';
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_UNICAST);
}

/** Finds the addresses of a name, if every one of them is public. */
export function publicLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublic(address))) {
        return callback(
          new ForbiddenAddress('The name does not resolve to public addresses alone.'),
          '',
          0,
        );
      }
      if (options.all) return callback(null, [...addresses]);
      callback(null, first.address, first.family);
    });
  };
}
