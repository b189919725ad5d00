import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../domain/error.ts';

export type ScryptCost = { readonly log2N: number; readonly r: number; readonly p: number };

/** OWASP's password storage advice: 32 MiB and about 0.1 s a hash. */
export const SCRYPT_COST: ScryptCost = { log2N: 15, r: 8, p: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Half of libuv's four threads: files and names are still served while passwords are hashed. */
const RUNNING_MAX = 2;
const WAITING_MAX = 50;
const RETRY_AFTER_S = 2;
/** scrypt wants 128 * N * r bytes; Node refuses from its own limit on, so that is set to twice the need. */
const BYTES_PER_BLOCK = 256;

/**
 * Hashes passwords with scrypt, a few at a time: a flood of logins waits or is refused with
 * `too_many_requests`, and takes neither all memory nor all threads.
 */
export class PasswordHasher {
  readonly #cost: ScryptCost;
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: { cost: ScryptCost; randomBytes: (count: number) => Uint8Array }) {
    this.#cost = options.cost;
    this.#randomBytes = options.randomBytes;
  }

  /** `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`: all that is needed to verify it, whatever the cost is by then. */
  async hash(password: string): Promise<string> {
    const salt = Buffer.from(this.#randomBytes(SALT_BYTES));
    const hash = await this.#derive(password, salt, this.#cost);
    const { log2N, r, p } = this.#cost;
    return ['scrypt', log2N, r, p, salt.toString('base64url'), hash.toString('base64url')].join(
      '$',
    );
  }

  /** Without a stored hash the answer is `false` and takes as long: nobody learns which accounts exist. */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    if (stored === undefined) {
      await this.#derive(password, Buffer.alloc(SALT_BYTES), this.#cost);
      return false;
    }
    const { cost, salt, hash } = parseStored(stored);
    return timingSafeEqual(await this.#derive(password, salt, cost), hash);
  }

  async #derive(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
    await this.#enter();
    try {
      return await deriveKey(password, salt, cost);
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < RUNNING_MAX) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= WAITING_MAX) {
      throw new DomainError('too_many_requests', 'Too many logins at once. Try again shortly.', {
        retryAfterS: RETRY_AFTER_S,
      });
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Hands its place to the one that has waited longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}

function deriveKey(password: string, salt: Buffer, { log2N, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** log2N;
  const options: ScryptOptions = { N, r, p, maxmem: BYTES_PER_BLOCK * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function parseStored(stored: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } {
  const [, log2N, r, p, salt = '', hash = ''] = stored.split('$');
  return {
    cost: { log2N: Number(log2N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
}
