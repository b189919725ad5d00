import { WireError } from './wire-error.ts';

/** The length prefix has 3 bytes; this is the largest frame that it can announce. */
const FRAME_BYTES_MAX = 0xffffff;
const LENGTH_BYTES = 3;

/** "WA", protocol version 6, dictionary version 3 (Baileys Defaults: NOISE_WA_HEADER). */
export const INTRO_HEADER = Buffer.from([0x57, 0x41, 6, 3]);

/** "ED", two version bytes and a 3-byte length come before the routing info. */
const ROUTING_HEADER_BYTES = 7;
const ROUTING_INFO_BYTES_MAX = 1024;

/**
 * Cuts a client's byte stream into frames. State: intro → frames.
 * The intro ("WA" and two version bytes, before it perhaps "ED" with routing info) is stripped.
 */
export class FrameReader {
  readonly #frameBytesMax: number;
  #pending = Buffer.alloc(0);
  #introSeen = false;

  constructor(limits: { frameBytesMax: number } = { frameBytesMax: FRAME_BYTES_MAX }) {
    this.#frameBytesMax = limits.frameBytesMax;
  }

  /** Returns the payloads completed by this chunk. Throws WireError on a bad intro or a too long frame. */
  push(chunk: Uint8Array): Buffer[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    this.#introSeen ||= this.#stripIntro();
    if (!this.#introSeen) return [];
    const frames: Buffer[] = [];
    for (let frame = this.#takeFrame(); frame; frame = this.#takeFrame()) frames.push(frame);
    return frames;
  }

  #takeFrame(): Buffer | undefined {
    if (this.#pending.length < LENGTH_BYTES) return undefined;
    const length = this.#pending.readUIntBE(0, LENGTH_BYTES);
    if (length > this.#frameBytesMax)
      throw new WireError(`A frame of ${length} bytes is too long.`);
    const end = LENGTH_BYTES + length;
    if (this.#pending.length < end) return undefined;
    const frame = this.#pending.subarray(LENGTH_BYTES, end);
    this.#pending = this.#pending.subarray(end);
    return frame;
  }

  /** Returns whether the whole intro has arrived and was taken away. */
  #stripIntro(): boolean {
    const start = this.#routingEnd();
    if (start === undefined || this.#pending.length < start + 2) return false;
    if (this.#pending.toString('latin1', start, start + 2) !== 'WA') {
      throw new WireError('The stream does not begin with the WA header.');
    }
    const end = start + INTRO_HEADER.length;
    if (this.#pending.length < end) return false;
    this.#pending = this.#pending.subarray(end);
    return true;
  }

  /** Where the WA header begins; undefined while that cannot be known yet. */
  #routingEnd(): number | undefined {
    if (this.#pending.length < 2) return undefined;
    if (this.#pending.toString('latin1', 0, 2) !== 'ED') return 0;
    if (this.#pending.length < ROUTING_HEADER_BYTES) return undefined;
    const length = this.#pending.readUIntBE(4, 3);
    if (length > ROUTING_INFO_BYTES_MAX) throw new WireError('The routing info is too long.');
    return ROUTING_HEADER_BYTES + length;
  }
}

/** One frame: 3 bytes big-endian length, then the payload. */
export function frameOf(payload: Uint8Array): Buffer {
  if (payload.length > FRAME_BYTES_MAX) throw new WireError('The payload is too long for a frame.');
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + payload.length);
  frame.writeUIntBE(payload.length, 0, LENGTH_BYTES);
  frame.set(payload, LENGTH_BYTES);
  return frame;
}
