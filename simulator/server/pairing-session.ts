import { SERVER_JID } from '#simulator/addresses.ts';
import {
  issueDeviceIdentity,
  verifyCountersignedIdentity,
} from '#simulator/adv/device-identity.ts';
import {
  openKeyBundle,
  PairingError,
  unwrapEphemeralKey,
  wrapEphemeralKey,
} from '#simulator/adv/pairing-code.ts';
import type { Network } from '#simulator/network.ts';
import { generateKeyPair } from '#simulator/signal/keys.ts';
import { SignalError } from '#simulator/signal/signal-error.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { type BinaryNode, bytesOf, childOf } from '#simulator/wire/binary-node.ts';
import { parseJid } from '#simulator/wire/jid.ts';
import { WireError } from '#simulator/wire/wire-error.ts';

import type { CompanionRegistration } from './companion-registration.ts';
import type { Connection, Session } from './connection.ts';
import { announceDevice } from './device-list.ts';
import type { LinkOutcome, QrCode, WaitingCompanion } from './pairing-desk.ts';
import { pairDeviceNode, pairSuccessNode, primaryHelloNode } from './pairing-stanzas.ts';
import { bytesNode, iqResult, streamErrorNode } from './stanzas.ts';

const REFS = 6;
const REF_BYTES = 24;
/** Baileys shows the first ref for 60 s, each other one for 20 s (Socket/socket.js genPairQR). */
const FIRST_REF_MS = 60_000;
const NEXT_REF_MS = 20_000;
const REF_GRACE_MS = 10_000;
const LIFETIME_MS = FIRST_REF_MS + (REFS - 1) * NEXT_REF_MS + REF_GRACE_MS;
const ANSWER_TIMEOUT_MS = 20_000;
/** WhatsApp has 4; we are generous, because tests link often and unlink seldom. */
const COMPANIONS_PER_PHONE_MAX = 32;
const RESTART_REQUIRED = 515;

type Reply = 'companion_finish' | 'pair-device-sign';
type Secrets = { readonly advSecret: Buffer; readonly companionIdentity: Buffer };

/**
 * A companion that is not linked yet.
 * State: waiting → (code only: asked → finished) → signing → linked; it ends with its socket.
 */
export class PairingSession implements Session, WaitingCompanion {
  readonly #connection: Connection;
  readonly #noisePublic: Buffer;
  readonly #registration: CompanionRegistration;
  readonly #network: Network;
  readonly #refs: string[];
  readonly #startedMs: number;
  readonly #lifetime: NodeJS.Timeout;
  #wrappedEphemeral: Buffer | undefined;
  #busy = false;
  #waiting: { reply: Reply; resolve: (node: BinaryNode | undefined) => void } | undefined;

  constructor(
    connection: Connection,
    companion: { noisePublic: Buffer; registration: CompanionRegistration },
    network: Network,
  ) {
    this.#connection = connection;
    this.#noisePublic = companion.noisePublic;
    this.#registration = companion.registration;
    this.#network = network;
    this.#refs = Array.from({ length: REFS }, () => `2@${this.#randomText()}`);
    this.#startedMs = network.now().getTime();
    this.#lifetime = setTimeout(() => connection.close(), LIFETIME_MS);
    network.pairings.offerRefs(this.#refs, this);
    connection.send(pairDeviceNode(this.#refs));
  }

  receive(node: BinaryNode): void {
    if (node.tag !== 'iq') return;
    const registration = childOf(node, 'link_code_companion_reg');
    const stage = registration?.attrs['stage'];
    if (registration && stage === 'companion_hello') this.#offerCode(node, registration);
    else if (registration && stage === 'companion_finish') this.#finish(node, registration);
    else if (childOf(node, 'pair-device-sign')) this.#settle('pair-device-sign', node);
    else if (node.attrs['type'] !== 'result') this.#connection.send(iqResult(node));
  }

  ended(): void {
    clearTimeout(this.#lifetime);
    this.#network.pairings.leave(this);
    this.#waiting?.resolve(undefined);
  }

  async linkByQr(phone: PhoneRecord, qr: QrCode): Promise<LinkOutcome> {
    const isOurs =
      qr.noisePublic.equals(this.#noisePublic) &&
      qr.identityPublic.equals(this.#registration.identityPublic);
    if (!isOurs) return { kind: 'unknown_qr' };
    const ageMs = this.#network.now().getTime() - this.#startedMs;
    const untilMs = FIRST_REF_MS + this.#refs.indexOf(qr.ref) * NEXT_REF_MS + REF_GRACE_MS;
    if (ageMs > untilMs) return { kind: 'stale_qr' };
    const secrets = { advSecret: qr.advSecret, companionIdentity: qr.identityPublic };
    return this.#exclusively(() => this.#pair(phone, secrets));
  }

  async linkByCode(phone: PhoneRecord, code: string): Promise<LinkOutcome> {
    return this.#exclusively(async () => {
      const answer = await this.#exchangeKeys(phone, code);
      return 'kind' in answer ? answer : this.#pair(phone, answer);
    });
  }

  /** The phone answers the companion's hello; the companion's key bundle proves the code. */
  async #exchangeKeys(phone: PhoneRecord, code: string): Promise<LinkOutcome | Secrets> {
    if (!this.#wrappedEphemeral) return { kind: 'no_code_waits' };
    const companionEphemeralPublic = await unwrapEphemeralKey(code, this.#wrappedEphemeral);
    const phoneEphemeral = generateKeyPair();
    const wrappedEphemeral = await wrapEphemeralKey(code, phoneEphemeral.public);
    this.#connection.send(
      primaryHelloNode({
        id: this.#randomText(),
        ref: this.#refs[0] ?? '',
        identityPublic: phone.identity.public,
        wrappedEphemeral,
        at: this.#network.now(),
      }),
    );
    const finish = await this.#waitFor('companion_finish');
    if (!finish) return { kind: 'device_did_not_answer' };
    const wrappedBundle = bytesOf(childOf(finish, 'link_code_pairing_wrapped_key_bundle'));
    return openKeyBundle({
      phoneEphemeral,
      companionEphemeralPublic,
      phoneIdentity: phone.identity,
      wrappedBundle,
    });
  }

  /** The phone signs the companion's identity, the companion signs back, the server stores it. */
  async #pair(phone: PhoneRecord, secrets: Secrets): Promise<LinkOutcome> {
    const { store } = this.#network;
    if (store.companions.list(phone.number).length >= COMPANIONS_PER_PHONE_MAX) {
      return { kind: 'too_many_devices' };
    }
    const device = store.phones.takeDeviceId(phone.number);
    const { signedHmac, details } = issueDeviceIdentity({
      phoneIdentity: phone.identity,
      companionIdentity: secrets.companionIdentity,
      advSecret: secrets.advSecret,
      keyIndex: device,
      timestampS: Math.floor(this.#network.now().getTime() / 1_000),
      rawId: this.#network.random(4).readUInt32BE(),
    });
    this.#connection.send(pairSuccessNode(phone, device, signedHmac));
    const reply = await this.#waitFor('pair-device-sign');
    const sign = reply && childOf(reply, 'pair-device-sign');
    if (!sign) return { kind: 'device_did_not_answer' };
    const isSigned = verifyCountersignedIdentity({
      signedIdentity: bytesOf(childOf(sign, 'device-identity')),
      details,
      phoneIdentityPublic: phone.identity.public,
      companionIdentity: secrets.companionIdentity,
    });
    if (!isSigned) return { kind: 'device_refused' };
    this.#register(phone.number, device);
    return { kind: 'linked', device };
  }

  /** Durable first; then the companion is told to connect again as a linked device. */
  #register(number: string, device: number): void {
    const { store, now } = this.#network;
    store.db.transaction(() => {
      store.companions.insert({
        ...this.#registration,
        number,
        device,
        noisePublic: this.#noisePublic,
        linkedAt: now(),
        loginNo: 0,
      });
      announceDevice('add', { number, device }, this.#network);
    });
    this.#connection.send(streamErrorNode(RESTART_REQUIRED));
    this.#connection.close();
  }

  #offerCode(iq: BinaryNode, registration: BinaryNode): void {
    const wrapped = childOf(registration, 'link_code_pairing_wrapped_companion_ephemeral_pub');
    this.#wrappedEphemeral = bytesOf(wrapped);
    const number = parseJid(registration.attrs['jid'] ?? '')?.user ?? '';
    this.#network.pairings.offerCode(number, this);
    const ref = bytesNode('link_code_pairing_ref', Buffer.from(this.#refs[0] ?? ''));
    this.#connection.send(
      iqResult(iq, [
        { tag: 'link_code_companion_reg', attrs: { from: SERVER_JID }, content: [ref] },
      ]),
    );
  }

  #finish(iq: BinaryNode, registration: BinaryNode): void {
    this.#connection.send(iqResult(iq));
    this.#settle('companion_finish', registration);
  }

  async #exclusively(link: () => Promise<LinkOutcome>): Promise<LinkOutcome> {
    if (this.#busy) return { kind: 'busy' };
    this.#busy = true;
    try {
      return await link();
    } catch (error) {
      const outcome = outcomeOf(error);
      if (!outcome) throw error;
      return outcome;
    } finally {
      this.#busy = false;
    }
  }

  async #waitFor(reply: Reply): Promise<BinaryNode | undefined> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        timer = setTimeout(() => resolve(undefined), ANSWER_TIMEOUT_MS);
        this.#waiting = { reply, resolve };
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
    }
  }

  #settle(reply: Reply, node: BinaryNode): void {
    if (this.#waiting?.reply === reply) this.#waiting.resolve(node);
  }

  #randomText(): string {
    return this.#network.random(REF_BYTES).toString('base64url');
  }
}

/** What a companion can do wrong; undefined for a fault of our own. */
function outcomeOf(error: unknown): LinkOutcome | undefined {
  if (error instanceof PairingError) return { kind: 'wrong_code' };
  const isMalformed = error instanceof WireError || error instanceof SignalError;
  return isMalformed ? { kind: 'device_refused' } : undefined;
}
