import { WireError } from './wire-error.ts';

/** Reads bytes in order; integers are big-endian. Throws WireError past the end. */
export class ByteReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Reads an unsigned integer of `width` bytes (1 to 4). */
  readInteger(width: number): number {
    return this.readBytes(width).readUIntBE(0, width);
  }

  /** A view of the next bytes, not a copy. */
  readBytes(count: number): Buffer {
    const end = this.#position + count;
    if (end > this.#bytes.length) throw new WireError('The node ends too early.');
    const bytes = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }

  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }
}
