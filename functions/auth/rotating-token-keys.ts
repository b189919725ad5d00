import { DomainError } from '#shared/domain/error.ts';
import type { KeyRing, TokenKeys } from './token-keys.ts';

/** One version of a secret. */
export type SecretVersion = { readonly key: Uint8Array; readonly createdAt: Date };

/** The version that is current, and the one that was before it. */
export type SecretVersions = {
  readonly current: SecretVersion;
  readonly previous: SecretVersion | undefined;
};

export type RotatingKeysOptions = {
  readonly readVersions: () => Promise<SecretVersions>;
  readonly now: () => Date;
  /** Called with a fault that does no harm yet: there are keys from before. */
  readonly onFault: (cause: unknown) => void;
};

/** Keys that were read longer ago are read again before they are used. */
const KEPT_MS = 5 * 60_000;
/** With keys at hand the secret is read no more often, whatever signatures and faults come. */
const READ_EVERY_MS_MIN = 60_000;
/**
 * A new version signs only when every process has read it; until then the one before goes on signing. So no token
 * comes to a process that has not heard of its key.
 */
const SIGNS_AFTER_MS = 2 * KEPT_MS;

/** The keys of a secret that may be rotated while processes run, without anybody being logged out by it. */
export class RotatingTokenKeys implements TokenKeys {
  readonly #options: RotatingKeysOptions;
  #versions: SecretVersions | undefined;
  #readAtMs = 0;
  #triedAtMs = 0;
  #reading: Promise<SecretVersions> | undefined;

  constructor(options: RotatingKeysOptions) {
    this.#options = options;
  }

  async current(): Promise<KeyRing> {
    const { now } = this.#options;
    const versions = this.#versions ?? (await this.#readFirst());
    if (now().getTime() - this.#readAtMs < KEPT_MS) return toRing(versions, now());
    return toRing(await this.#readAgain(versions), now());
  }

  async newerThan(known: KeyRing): Promise<KeyRing | undefined> {
    const versions = this.#versions ?? (await this.#readFirst());
    const ring = toRing(await this.#readAgain(versions), this.#options.now());
    return ring.every((key) => known.some((other) => isSame(key, other))) ? undefined : ring;
  }

  async #readFirst(): Promise<SecretVersions> {
    try {
      return await this.#read();
    } catch (cause) {
      throw new DomainError('unavailable', 'Access tokens cannot be checked now.', { cause });
    }
  }

  /** Those at hand when the secret was read a moment ago, or cannot be read. */
  async #readAgain(atHand: SecretVersions): Promise<SecretVersions> {
    const sinceMs = this.#options.now().getTime() - this.#triedAtMs;
    if (this.#reading === undefined && sinceMs < READ_EVERY_MS_MIN) return atHand;
    try {
      return await this.#read();
    } catch (cause) {
      this.#options.onFault(cause);
      return atHand;
    }
  }

  /** Once at a time: whoever comes meanwhile gets the same answer. */
  async #read(): Promise<SecretVersions> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined;
    });
    return await this.#reading;
  }

  async #readNow(): Promise<SecretVersions> {
    const { readVersions, now } = this.#options;
    this.#triedAtMs = now().getTime();
    this.#versions = await readVersions();
    this.#readAtMs = now().getTime();
    return this.#versions;
  }
}

function toRing({ current, previous }: SecretVersions, at: Date): KeyRing {
  if (previous === undefined) return [current.key];
  const ageMs = at.getTime() - current.createdAt.getTime();
  return ageMs < SIGNS_AFTER_MS ? [previous.key, current.key] : [current.key, previous.key];
}

function isSame(key: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(key, other) === 0;
}
