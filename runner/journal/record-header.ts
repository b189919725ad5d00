const MAGIC = Buffer.from('WAJ1');
const VERSION = 1;
const NUMBER_BYTES = 6;
const HASH_BYTES = 32;
const WRITER_BYTES = 8;

/** `SNAPSHOT` stands under a name of its own; the others are records of the log. */
const TYPES = ['FENCE', 'DATA', 'CLOSE', 'SNAPSHOT'] as const;
export type RecordType = (typeof TYPES)[number];

/** What stands before the encrypted body, in the clear and authenticated with it. */
export type RecordHeader = {
  readonly type: RecordType;
  readonly instanceId: string;
  /** The number of the record; of a snapshot, that of the last record that it covers. */
  readonly seq: number;
  /** Of the lease under which it was written; of a snapshot, that of the record that it covers. */
  readonly epoch: number;
  /** SHA-256 of the record before it, of zeros before the first; of a snapshot, of the record that it covers. */
  readonly hash: Uint8Array;
  /** Tells two writers apart: 16 hex digits. */
  readonly writer: string;
  readonly atMs: number;
  readonly keyId: string;
};

/** The hash before the first record. */
export const NO_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** WAJ1 | version | type | seq | epoch | time | hash | writer | key id | instance id; numbers are big-endian. */
export function encodeHeader(header: RecordHeader): Buffer {
  const numbers = Buffer.alloc(3 * NUMBER_BYTES);
  [header.seq, header.epoch, header.atMs].forEach((value, index) => {
    numbers.writeUIntBE(value, index * NUMBER_BYTES, NUMBER_BYTES);
  });
  return Buffer.concat([
    MAGIC,
    Uint8Array.of(VERSION, TYPES.indexOf(header.type)),
    numbers,
    header.hash,
    Buffer.from(header.writer, 'hex'),
    withLength(header.keyId),
    withLength(header.instanceId),
  ]);
}

/** The header, and how many bytes it takes; `undefined` when it is not one. */
export function decodeHeader(
  bytes: Uint8Array,
): { readonly header: RecordHeader; readonly length: number } | undefined {
  const reader = new Reader(bytes);
  if (!reader.take(MAGIC.length)?.equals(MAGIC)) return undefined;
  const [version, typeIndex] = reader.take(2) ?? [];
  const type = version === VERSION && typeIndex !== undefined ? TYPES[typeIndex] : undefined;
  const [seq, epoch, atMs] = [reader.number(), reader.number(), reader.number()];
  const hash = reader.take(HASH_BYTES);
  const writer = reader.take(WRITER_BYTES)?.toString('hex');
  const [keyId, instanceId] = [reader.text(), reader.text()];
  if (type === undefined || hash === undefined || writer === undefined) return undefined;
  if (seq === undefined || epoch === undefined || atMs === undefined) return undefined;
  if (keyId === undefined || instanceId === undefined) return undefined;
  const header = { type, instanceId, seq, epoch, hash, writer, atMs, keyId };
  return { header, length: reader.offset };
}

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Uint8Array.of(bytes.byteLength), bytes]);
}

/** Reads piece after piece; `undefined` for what is not there. */
class Reader {
  readonly #bytes: Buffer;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): Buffer | undefined {
    const end = this.offset + length;
    if (end > this.#bytes.byteLength) return undefined;
    const piece = this.#bytes.subarray(this.offset, end);
    this.offset = end;
    return piece;
  }

  number(): number | undefined {
    return this.take(NUMBER_BYTES)?.readUIntBE(0, NUMBER_BYTES);
  }

  text(): string | undefined {
    const length = this.take(1)?.[0];
    return length === undefined ? undefined : this.take(length)?.toString('utf8');
  }
}
