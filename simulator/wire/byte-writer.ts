const INITIAL_BYTES = 256;

/** A buffer that grows while it is written; integers are big-endian. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  /** Writes `value` in `width` bytes (1 to 4). */
  writeInteger(value: number, width: number): void {
    this.#reserve(width);
    this.#length = this.#buffer.writeUIntBE(value, this.#length, width);
  }

  writeBytes(bytes: Uint8Array | readonly number[]): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written. */
  finish(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#length));
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
