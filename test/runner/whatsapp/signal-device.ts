import {
  type AuthenticationCreds,
  generateOrGetPreKeys,
  generateSignalPubKey,
  initAuthCreds,
  type SignalRepositoryWithLIDStore,
} from '@whiskeysockets/baileys';
import { onTestFinished } from 'vitest';
import { AuthState } from '#runner/journal/auth-state.ts';
import { immediateKeys } from '#runner/whatsapp/baileys-auth.ts';
import { Inbox, type InboxEntry } from '#runner/whatsapp/inbox.ts';
import { writeBeforeWire } from '#runner/whatsapp/signal-repository.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import { GatedLog } from '../journal/gated-log.ts';
import { journalOf } from '../journal/journal-for-test.ts';
import { silentLog } from '../silent-log.ts';

const PRE_KEYS = 5;

export type Cipher = { readonly type: 'pkmsg' | 'msg' | 'skmsg'; readonly ciphertext: Uint8Array };
type Bundle = Parameters<SignalRepositoryWithLIDStore['injectE2ESession']>[0]['session'];

/** One linked device: Baileys' own Signal repository, write before wire, over a journal of blobs. */
export class SignalDevice {
  readonly jid: string;
  readonly #blobs: Blobs;
  readonly #creds: AuthenticationCreds = initAuthCreds();
  #lastMessageId = 0;
  log: GatedLog;
  state: AuthState;
  inbox: Inbox;
  repository: SignalRepositoryWithLIDStore;
  /** What was passed on since the device was opened, in order. */
  passedOn: InboxEntry[] = [];

  private constructor(jid: string, blobs: Blobs, opened: { log: GatedLog; state: AuthState }) {
    this.jid = jid;
    this.#blobs = blobs;
    this.log = opened.log;
    this.state = opened.state;
    this.inbox = new Inbox(this.state);
    this.repository = this.#makeRepository();
    onTestFinished(() => this.repository.close?.());
  }

  static async make(jid: string, blobs: Blobs): Promise<SignalDevice> {
    const device = new SignalDevice(jid, blobs, await openLog(jid, blobs));
    const { newPreKeys } = generateOrGetPreKeys(device.#creds, PRE_KEYS);
    device.state.stage({ 'pre-key': newPreKeys });
    await device.state.flush();
    return device;
  }

  /** The process is killed: what is not in the log is gone. The new one passes on what was left. */
  async restart(): Promise<void> {
    this.repository.close?.();
    ({ log: this.log, state: this.state } = await openLog(this.jid, this.#blobs));
    this.inbox = new Inbox(this.state);
    this.repository = this.#makeRepository();
    this.passedOn = this.inbox.unhandled();
  }

  /** What the server gives to somebody who wants to write to this device. */
  bundle(preKeyId: number): Bundle {
    const { registrationId, signedIdentityKey, signedPreKey } = this.#creds;
    const preKeys = immediateKeys(this.state).get('pre-key', [String(preKeyId)]);
    if (preKeys instanceof Promise) throw new Error('The keys are read at once.');
    const preKey = preKeys[String(preKeyId)];
    if (preKey === undefined) throw new Error('That pre-key is used up.');
    return {
      registrationId,
      identityKey: generateSignalPubKey(signedIdentityKey.public),
      signedPreKey: {
        keyId: signedPreKey.keyId,
        publicKey: generateSignalPubKey(signedPreKey.keyPair.public),
        signature: signedPreKey.signature,
      },
      preKey: { keyId: preKeyId, publicKey: generateSignalPubKey(preKey.public) },
    };
  }

  async meet(other: SignalDevice, preKeyId = 1): Promise<void> {
    await this.repository.injectE2ESession({ jid: other.jid, session: other.bundle(preKeyId) });
  }

  async encrypt(to: SignalDevice, text: string): Promise<Cipher> {
    return await this.repository.encryptMessage({ jid: to.jid, data: Buffer.from(text) });
  }

  /** A stanza comes in, as often as WhatsApp likes: each time in bytes of its own. */
  async receive(from: SignalDevice, { type, ciphertext }: Cipher, group?: string): Promise<string> {
    const fresh = Buffer.from(ciphertext);
    this.#lastMessageId += 1;
    this.inbox.noteStanza({
      tag: 'message',
      attrs: { from: from.jid, id: `M${this.#lastMessageId}` },
      content: [{ tag: 'enc', attrs: { type }, content: fresh }],
    });
    const plaintext =
      type === 'skmsg'
        ? this.repository.decryptGroupMessage({
            group: group ?? '',
            authorJid: from.jid,
            msg: fresh,
          })
        : this.repository.decryptMessage({ jid: from.jid, type, ciphertext: fresh });
    return Buffer.from(await plaintext).toString();
  }

  get texts(): string[] {
    return this.passedOn.map(({ plaintext }) => Buffer.from(plaintext).toString());
  }

  #makeRepository(): SignalRepositoryWithLIDStore {
    const make = writeBeforeWire(this.state, this.inbox, (entry) => this.passedOn.push(entry));
    const keys = immediateKeys(this.state);
    return make({ creds: this.#creds, keys }, silentLog, async () => []);
  }
}

async function openLog(jid: string, blobs: Blobs): Promise<{ log: GatedLog; state: AuthState }> {
  const log = new GatedLog(journalOf(blobs, { instanceId: jid.split(/[:@]/)[0] ?? '' }));
  return { log, state: await AuthState.open(log) };
}

/** Two devices that have written to each other once, so that all that follows are plain `msg`. */
export async function acquainted(blobs: Blobs): Promise<[SignalDevice, SignalDevice]> {
  const [alice, bob] = await strangers(blobs);
  await alice.meet(bob);
  await bob.receive(alice, await alice.encrypt(bob, 'hello'));
  await alice.receive(bob, await bob.encrypt(alice, 'hello yourself'));
  for (const device of [alice, bob]) {
    for (const { id } of device.passedOn) device.inbox.markHandled(id);
    await device.state.flush();
    device.passedOn = [];
  }
  return [alice, bob];
}

export async function strangers(blobs: Blobs): Promise<[SignalDevice, SignalDevice]> {
  return [
    await SignalDevice.make('2348179803743:1@s.whatsapp.net', blobs),
    await SignalDevice.make('2349040613521:8@s.whatsapp.net', blobs),
  ];
}
