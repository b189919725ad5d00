import { ClientPayload, HandshakeMessage } from '#simulator/proto/handshake.ts';
import { generateKeyPair, type KeyPair, sharedSecret } from '#simulator/signal/keys.ts';
import type { CipherState } from './cipher-state.ts';
import { NoiseError } from './noise-error.ts';
import { SymmetricState } from './symmetric-state.ts';

const NOISE_PROTOCOL = 'Noise_XX_25519_AESGCM_SHA256';

const KEY_BYTES = 32;
const NO_ASSOCIATED_DATA = Buffer.alloc(0);

type Transport = { readonly receive: CipherState; readonly send: CipherState };

/**
 * The server's side of Noise XX, as WhatsApp frames it (Baileys Utils/noise-handler.js).
 * State: hello → finish → open. A method called in another state throws NoiseError.
 * One thing differs from the specification: the first message's empty payload is not hashed.
 * Frames that are no handshake messages throw ProtoError, keys of small order SignalError.
 */
export class NoiseResponder {
  readonly #staticKey: KeyPair;
  readonly #ephemeralKey: KeyPair;
  readonly #certChain: Uint8Array;
  readonly #handshake = new SymmetricState(NOISE_PROTOCOL);
  #state: 'hello' | 'finish' | 'open' = 'hello';
  #transport: Transport | undefined;

  /** `prologue` is the intro header that the client sent, "WA" and two version bytes. */
  constructor(options: {
    staticKey: KeyPair;
    certChain: Uint8Array;
    prologue: Uint8Array;
    ephemeralKey?: KeyPair;
  }) {
    this.#staticKey = options.staticKey;
    this.#ephemeralKey = options.ephemeralKey ?? generateKeyPair();
    this.#certChain = options.certChain;
    this.#handshake.mixHash(options.prologue);
  }

  /** Reads the ClientHello and returns the ServerHello, both as the payload of a frame. */
  answerHello(frame: Uint8Array): Buffer {
    this.#advance('hello', 'finish');
    const clientEphemeral = keyOf(HandshakeMessage.decode(frame).clientHello?.ephemeral);
    this.#handshake.mixHash(clientEphemeral);
    this.#handshake.mixHash(this.#ephemeralKey.public);
    this.#handshake.mixKey(sharedSecret(this.#ephemeralKey.private, clientEphemeral));
    const sealedStatic = this.#handshake.encryptAndHash(this.#staticKey.public);
    this.#handshake.mixKey(sharedSecret(this.#staticKey.private, clientEphemeral));
    const payload = this.#handshake.encryptAndHash(this.#certChain);
    const serverHello = { ephemeral: this.#ephemeralKey.public, static: sealedStatic, payload };
    return HandshakeMessage.encode({ serverHello });
  }

  /** Reads the ClientFinish: who the client is. From then on `open` and `seal` work. */
  readFinish(frame: Uint8Array): { clientStatic: Buffer; payload: ClientPayload } {
    this.#advance('finish', 'open');
    const { clientFinish } = HandshakeMessage.decode(frame);
    if (!clientFinish?.static || !clientFinish.payload) {
      throw new NoiseError('The frame is no ClientFinish.');
    }
    const clientStatic = keyOf(this.#handshake.decryptAndHash(clientFinish.static));
    this.#handshake.mixKey(sharedSecret(this.#ephemeralKey.private, clientStatic));
    const payload = this.#handshake.decryptAndHash(clientFinish.payload);
    const { initiator, responder } = this.#handshake.split();
    this.#transport = { receive: initiator, send: responder };
    return { clientStatic, payload: ClientPayload.decode(payload) };
  }

  /** Decrypts a frame of the transport. Throws NoiseError. */
  open(frame: Uint8Array): Buffer {
    return this.#openTransport().receive.decrypt(frame, NO_ASSOCIATED_DATA);
  }

  /** Encrypts a frame for the transport. */
  seal(plaintext: Uint8Array): Buffer {
    return this.#openTransport().send.encrypt(plaintext, NO_ASSOCIATED_DATA);
  }

  #openTransport(): Transport {
    if (!this.#transport) throw new NoiseError('The handshake is not finished.');
    return this.#transport;
  }

  #advance(from: 'hello' | 'finish', to: 'finish' | 'open'): void {
    if (this.#state !== from) throw new NoiseError(`The handshake is not at its ${from}.`);
    this.#state = to;
  }
}

function keyOf(bytes: Uint8Array | undefined): Buffer {
  if (bytes?.length !== KEY_BYTES) throw new NoiseError('A key of the handshake is missing.');
  return Buffer.from(bytes);
}
