import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { ServerKeys } from '#simulator/network.ts';
import { NoiseResponder } from '#simulator/noise/noise-responder.ts';
import type { ClientPayload } from '#simulator/proto/messages.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';
import { decodeNode } from '#simulator/wire/decode-node.ts';
import { encodeNode } from '#simulator/wire/encode-node.ts';
import { FrameReader, frameOf, INTRO_HEADER } from '#simulator/wire/frames.ts';

/** A stanza may have 4 MiB; Baileys' largest, the upload of 812 pre-keys, has 60 KB. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 20_000;
/** Above this nothing more is read or taken from the queue until the client has read. */
const BUFFERED_BYTES_MAX = 1024 * 1024;
/** How long a socket that we closed may stay half open. */
const CLOSE_GRACE_MS = 3_000;

/** Who connected, as the Noise handshake proved it. */
export type Hello = { readonly clientStatic: Buffer; readonly payload: ClientPayload };

/** What a connection is after its handshake: a pairing, a linked device, or nothing. */
export type Session = { receive(node: BinaryNode): void; ended(): void };

/** Counts frames over all connections. */
export type FrameCounter = { in: number; out: number };

type ConnectionOptions = {
  readonly keys: ServerKeys;
  readonly frames: FrameCounter;
  readonly logger: Logger;
  /** Called once, after the handshake. Undefined: it was refused and is being closed. */
  readonly open: (connection: Connection, hello: Hello) => Session | undefined;
};

/**
 * One client socket: frames, Noise and back-pressure, but no meaning.
 * State: hello → finish → open → closed; `stalled` is open without eyes and mouth.
 * Everything is handled synchronously, so stanzas are handled strictly in order.
 */
export class Connection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #noise: NoiseResponder;
  readonly #reader = new FrameReader({ frameBytesMax: FRAME_BYTES_MAX });
  readonly #handshakeTimer: NodeJS.Timeout;
  #state: 'hello' | 'finish' | 'open' | 'closed' = 'hello';
  #stalled = false;
  #session: Session | undefined;
  #closeTimer: NodeJS.Timeout | undefined;
  #onDrain: (() => void) | undefined;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    const { noiseStatic, certChain } = options.keys;
    this.#noise = new NoiseResponder({
      staticKey: noiseStatic,
      certChain,
      prologue: INTRO_HEADER,
    });
    this.#handshakeTimer = setTimeout(() => this.terminate(), HANDSHAKE_TIMEOUT_MS);
    socket.on('message', (data) => this.#read(data));
    socket.on('error', (err) => options.logger.debug({ err }, 'A socket failed.'));
    socket.on('close', () => this.#closed());
  }

  /** Whether the client reads too slowly; then wait for `whenDrained`. */
  get isBehind(): boolean {
    return this.#socket.bufferedAmount > BUFFERED_BYTES_MAX;
  }

  /** Calls back once, when the client has caught up. */
  whenDrained(callback: () => void): void {
    this.#onDrain = callback;
  }

  send(node: BinaryNode): void {
    this.sendEncoded(encodeNode(node));
  }

  /** Sends a node that is encoded already. */
  sendEncoded(bytes: Uint8Array): void {
    if (this.#state !== 'open' || this.#stalled) return;
    this.#write(this.#noise.seal(bytes));
  }

  /** Ends politely: what was sent still arrives. */
  close(): void {
    this.#socket.close();
    this.#closeTimer ??= setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS);
  }

  /** Drops the TCP connection. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** From now on neither reads nor writes, but stays open. */
  stall(): void {
    this.#stalled = true;
    this.#socket.pause();
  }

  #read(data: WebSocket.RawData): void {
    if (this.#stalled) return;
    try {
      for (const frame of this.#reader.push(toBuffer(data))) {
        this.#options.frames.in += 1;
        this.#take(frame);
      }
    } catch (err) {
      this.#options.logger.warn({ err }, 'A client broke the protocol and is disconnected.');
      this.send({ tag: 'stream:error', attrs: { code: '500' } });
      this.close();
    }
    if (this.isBehind) this.#socket.pause();
  }

  #take(frame: Buffer): void {
    if (this.#state === 'hello') {
      this.#write(this.#noise.answerHello(frame));
      this.#state = 'finish';
    } else if (this.#state === 'finish') {
      const hello = this.#noise.readFinish(frame);
      clearTimeout(this.#handshakeTimer);
      this.#state = 'open';
      this.#session = this.#options.open(this, hello);
    } else if (this.#state === 'open') {
      const node = decodeNode(this.#noise.open(frame));
      this.#session?.receive(node);
    }
  }

  #write(payload: Uint8Array): void {
    this.#options.frames.out += 1;
    this.#socket.send(frameOf(payload), () => this.#drained());
  }

  #drained(): void {
    if (this.isBehind) return;
    if (this.#socket.isPaused && !this.#stalled) this.#socket.resume();
    const callback = this.#onDrain;
    this.#onDrain = undefined;
    callback?.();
  }

  #closed(): void {
    this.#state = 'closed';
    clearTimeout(this.#handshakeTimer);
    clearTimeout(this.#closeTimer);
    this.#session?.ended();
  }
}

function toBuffer(data: WebSocket.RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
