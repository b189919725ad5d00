import { setImmediate } from 'node:timers/promises';
import {
  EndOfStreamError,
  type IFileInfo,
  type IGetToken,
  type IReadChunkOptions,
  type ITokenizer,
} from 'strtok3';
import type { MediaFile } from './blob-file.ts';

/** The longest piece that is read as one. */
const PIECE_BYTES_MAX = 2 * 1024 * 1024;
/** Half an hour of bare AAC, which nothing but its frames tells the length of, takes some 150,000. */
const READS_MAX = 200_000;
/** After so many it is the turn of others: they take a few milliseconds. */
const READS_PER_TURN = 250;

const NOTHING = Buffer.alloc(0);

/**
 * How a parser of `music-metadata` reads a file: from its beginning to its end, a piece at a time. A hostile file, of
 * nothing but the tiniest pieces or of one huge one, is given up before it costs the runner's sessions their time or
 * memory.
 */
export class BudgetedTokenizer implements ITokenizer {
  readonly fileInfo: IFileInfo;
  position = 0;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #signal: AbortSignal;
  /** What was taken from the file, from `position` on. */
  #ahead: Buffer = NOTHING;
  #reads = 0;

  constructor(file: MediaFile, mimeType: string, signal: AbortSignal) {
    this.fileInfo = { size: file.bytes, mimeType };
    this.#pieces = file.read()[Symbol.asyncIterator]();
    this.#signal = signal;
  }

  supportsRandomAccess(): boolean {
    return false;
  }

  async readBuffer(target: Uint8Array, options: IReadChunkOptions = {}): Promise<number> {
    const { length = target.length, position = this.position, mayBeLess = false } = options;
    await this.#skipTo(position);
    const bytes = await this.peekBuffer(target, { length, mayBeLess });
    this.#drop(bytes);
    return bytes;
  }

  async peekBuffer(target: Uint8Array, options: IReadChunkOptions = {}): Promise<number> {
    const { length = target.length, position = this.position, mayBeLess = false } = options;
    const found = await this.#lookAhead(position, length);
    if (found.length < length && !mayBeLess) throw new EndOfStreamError();
    target.set(found);
    return found.length;
  }

  async readToken<T>(token: IGetToken<T>, position = this.position): Promise<T> {
    await this.#skipTo(position);
    const value = await this.peekToken(token);
    this.#drop(token.len);
    return value;
  }

  async peekToken<T>(token: IGetToken<T>, position?: number | null): Promise<T> {
    const found = await this.#lookAhead(position ?? this.position, token.len);
    if (found.length < token.len) throw new EndOfStreamError();
    // A copy, and no Buffer: parsers keep parts of it, and take a slice for one.
    return token.get(new Uint8Array(found), 0);
  }

  async readNumber(token: IGetToken<number>): Promise<number> {
    return await this.readToken(token);
  }

  async peekNumber(token: IGetToken<number>): Promise<number> {
    return await this.peekToken(token);
  }

  async ignore(length: number): Promise<number> {
    await this.#spend();
    await this.#skipTo(this.position + length);
    return length;
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async abort(): Promise<void> {
    await this.close();
  }

  async #spend(): Promise<void> {
    this.#reads += 1;
    if (this.#reads > READS_MAX) throw new Error('The file is read in too many pieces.');
    if (this.#reads % READS_PER_TURN === 0) await setImmediate();
    this.#signal.throwIfAborted();
  }

  /** As many bytes as there are. */
  async #lookAhead(position: number, length: number): Promise<Buffer> {
    await this.#spend();
    const start = position - this.position;
    const end = start + length;
    if (start < 0 || length < 0) throw new Error('A file is read forwards.');
    if (end > PIECE_BYTES_MAX) throw new Error('A part of the file is too long.');
    const parts = [this.#ahead];
    let bytes = this.#ahead.length;
    while (bytes < end) {
      const piece = await this.#next();
      if (piece === undefined) break;
      parts.push(piece);
      bytes += piece.length;
    }
    if (parts.length > 1) this.#ahead = Buffer.concat(parts);
    return this.#ahead.subarray(start, end);
  }

  async #skipTo(position: number): Promise<void> {
    if (position < this.position) throw new Error('A file is read forwards.');
    while (this.position < position) {
      if (this.#ahead.length === 0) this.#ahead = (await this.#next()) ?? NOTHING;
      if (this.#ahead.length === 0) throw new EndOfStreamError();
      this.#drop(Math.min(this.#ahead.length, position - this.position));
    }
  }

  #drop(bytes: number): void {
    this.#ahead = this.#ahead.subarray(bytes);
    this.position += bytes;
  }

  async #next(): Promise<Buffer | undefined> {
    this.#signal.throwIfAborted();
    const { done, value } = await this.#pieces.next();
    return done ? undefined : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}
