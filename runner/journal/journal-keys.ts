import { createHash } from 'node:crypto';

const SEQ_DIGITS = 12;
const SEQ = /^\d{12}$/;
const PREFIX_DIGITS = 2;

export type NumberedKind = 'j' | 'snap';

/**
 * What the blobs of one instance's journal are called.
 *
 *   auth/<h2>/<instance>/j/<seq>           its records
 *   auth/<h2>/<instance>/snap/<seq>        the whole state as of a record
 *   auth/<h2>/<instance>/key/<seq>-<hex>   a wrapped data key; the first record or snapshot that it may seal
 *   auth/<h2>/<instance>/quarantine/…      what a restore took out of the line
 *
 * `h2` are two digits of a hash: S3 takes 3,500 writes a second for each prefix.
 */
export class JournalKeys {
  readonly prefix: string;

  constructor(instanceId: string) {
    const hash = createHash('sha256').update(instanceId).digest('hex');
    this.prefix = `auth/${hash.slice(0, PREFIX_DIGITS)}/${instanceId}/`;
  }

  numbered(kind: NumberedKind, seq: number): string {
    return `${this.prefix}${kind}/${toDigits(seq)}`;
  }

  key(keyId: string): string {
    return `${this.prefix}key/${keyId}`;
  }

  folder(kind: NumberedKind | 'key'): string {
    return `${this.prefix}${kind}/`;
  }

  /** Whether the blob is a record, a snapshot or a key of a number above `seq`. */
  isAfter(key: string, seq: number): boolean {
    const [folder, name = ''] = key.slice(this.prefix.length).split('/');
    const isNumbered = folder === 'j' || folder === 'snap' || folder === 'key';
    return isNumbered && (firstSeqOf(name) ?? 0) > seq;
  }

  /** Where the restore that ended at `seq` keeps a blob. */
  quarantined(seq: number, key: string): string {
    return `${this.prefix}quarantine/${toDigits(seq)}/${key.slice(this.prefix.length)}`;
  }
}

/** Names a data key by the first number that it may seal; the rest is chance, since two writers may try one number. */
export function toKeyId(seq: number, chance: Uint8Array): string {
  return `${toDigits(seq)}-${Buffer.from(chance).toString('hex')}`;
}

/** The first number that the key may seal; `undefined` when this is no key's name. */
export function firstSeqOf(keyId: string): number | undefined {
  return parseSeq(keyId.slice(0, SEQ_DIGITS));
}

/** `undefined` when this is no number of ours. */
export function parseSeq(name: string): number | undefined {
  return SEQ.test(name) ? Number(name) : undefined;
}

function toDigits(seq: number): string {
  return String(seq).padStart(SEQ_DIGITS, '0');
}
