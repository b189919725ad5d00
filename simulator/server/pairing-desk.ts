import type { PhoneRecord } from '#simulator/store/phone-records.ts';

/** How an attempt to link a device ended. */
export type LinkOutcome =
  | { readonly kind: 'linked'; readonly device: number }
  | { readonly kind: 'unknown_qr' }
  | { readonly kind: 'stale_qr' }
  | { readonly kind: 'no_code_waits' }
  | { readonly kind: 'wrong_code' }
  | { readonly kind: 'too_many_devices' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'device_did_not_answer' }
  | { readonly kind: 'device_refused' };

/** The parts of a QR code: which ref it shows, and the companion's keys, raw. */
export type QrCode = {
  readonly ref: string;
  readonly noisePublic: Buffer;
  readonly identityPublic: Buffer;
  readonly advSecret: Buffer;
};

/** A companion that waits to be linked. */
export type WaitingCompanion = {
  linkByQr(phone: PhoneRecord, qr: QrCode): Promise<LinkOutcome>;
  linkByCode(phone: PhoneRecord, code: string): Promise<LinkOutcome>;
};

/** Where phones find the companions whose QR code or pairing code they were shown. */
export class PairingDesk {
  readonly #byRef = new Map<string, WaitingCompanion>();
  readonly #byNumber = new Map<string, WaitingCompanion>();

  offerRefs(refs: readonly string[], companion: WaitingCompanion): void {
    for (const ref of refs) this.#byRef.set(ref, companion);
  }

  /** The companion asked for a code for this number; the newest one is meant. */
  offerCode(number: string, companion: WaitingCompanion): void {
    this.#byNumber.set(number, companion);
  }

  leave(companion: WaitingCompanion): void {
    for (const book of [this.#byRef, this.#byNumber]) {
      for (const [key, found] of book) if (found === companion) book.delete(key);
    }
  }

  /** The phone scans a QR code. */
  async linkByQr(phone: PhoneRecord, qr: QrCode): Promise<LinkOutcome> {
    return (await this.#byRef.get(qr.ref)?.linkByQr(phone, qr)) ?? { kind: 'unknown_qr' };
  }

  /** A person types the code that the companion shows into the phone. */
  async linkByCode(phone: PhoneRecord, code: string): Promise<LinkOutcome> {
    const companion = this.#byNumber.get(phone.number);
    return (await companion?.linkByCode(phone, code)) ?? { kind: 'no_code_waits' };
  }
}
