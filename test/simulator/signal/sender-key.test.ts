import {
  GroupCipher,
  GroupSessionBuilder,
  SenderKeyDistributionMessage,
  SenderKeyName,
  SenderKeyRecord,
} from '@whiskeysockets/baileys/lib/Signal/Group/index.js';
import { describe, expect, it } from 'vitest';

import { readRatchetPosition } from '#simulator/signal/header.ts';
import {
  acceptDistribution,
  createSenderKey,
  decryptGroupMessage,
  distributionMessage,
  encryptGroupMessage,
  type SenderKeyState,
} from '#simulator/signal/sender-key.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';

silenceLibsignal();

const withCode = (code: string) => expect.objectContaining({ name: 'SignalError', code });

/** A member of one group, with the sender keys of one sender (perhaps itself). */
class Member {
  state: SenderKeyState | undefined;

  distribute(): Buffer {
    this.state ??= createSenderKey();
    return distributionMessage(this.state);
  }

  accept(distribution: Uint8Array): void {
    this.#keep(acceptDistribution(this.state, distribution));
  }

  send(text: string): Buffer {
    if (!this.state) throw new Error('There is no sender key.');
    const { state, ciphertext } = encryptGroupMessage(this.state, Buffer.from(text));
    this.#keep(state);
    return ciphertext;
  }

  read(ciphertext: Uint8Array): string {
    if (!this.state) throw new Error('There is no sender key.');
    const { state, plaintext } = decryptGroupMessage(this.state, ciphertext);
    this.#keep(state);
    return plaintext.toString();
  }

  #keep(state: SenderKeyState): void {
    this.state = JSON.parse(JSON.stringify(state));
  }
}

/**
 * The same with Baileys' group code. It keeps its records as objects: as Baileys stores them (JSON
 * without its replacer), a kept message key does not come back as a Buffer and cannot be used.
 */
class BaileysMember {
  readonly #name = new SenderKeyName('group', { id: 'sender', deviceId: 0, toString: () => 's.0' });
  readonly #records = new Map<string, SenderKeyRecord>();
  readonly #store = {
    loadSenderKey: async (name: SenderKeyName) =>
      this.#records.get(name.toString()) ?? new SenderKeyRecord(),
    storeSenderKey: async (name: SenderKeyName, record: SenderKeyRecord) => {
      this.#records.set(name.toString(), record);
    },
  };

  async distribute(): Promise<Uint8Array> {
    return (await new GroupSessionBuilder(this.#store).create(this.#name)).serialize();
  }

  async accept(distribution: Uint8Array): Promise<void> {
    const message = new SenderKeyDistributionMessage(null, null, null, null, distribution);
    await new GroupSessionBuilder(this.#store).process(this.#name, message);
  }

  async send(text: string): Promise<Uint8Array> {
    return await new GroupCipher(this.#store, this.#name).encrypt(Buffer.from(text));
  }

  async read(ciphertext: Uint8Array): Promise<string> {
    const plaintext = await new GroupCipher(this.#store, this.#name).decrypt(ciphertext);
    return Buffer.from(plaintext).toString();
  }
}

function aGroup(): { sender: Member; reader: Member } {
  const [sender, reader] = [new Member(), new Member()];
  reader.accept(sender.distribute());
  return { sender, reader };
}

describe('a sender key', () => {
  it('lets the members read, in any order, each message once', () => {
    const { sender, reader } = aGroup();
    const [a, b, c] = [sender.send('a'), sender.send('b'), sender.send('c')];
    expect(reader.read(c)).toBe('c');
    expect(reader.read(a)).toBe('a');
    expect(() => reader.read(a)).toThrow(withCode('duplicate'));
    expect(reader.read(b)).toBe('b');
    expect(reader.read(sender.send('d'))).toBe('d');
  });

  it('lets a later member read from then on', () => {
    const { sender, reader } = aGroup();
    const before = sender.send('before');
    const late = new Member();
    late.accept(sender.distribute());
    const after = sender.send('after');
    expect(() => late.read(before)).toThrow(withCode('duplicate'));
    expect(late.read(after)).toBe('after');
    expect([reader.read(before), reader.read(after)]).toEqual(['before', 'after']);
  });

  it('given a second time does not make old messages readable again', () => {
    const { sender, reader } = aGroup();
    const distribution = sender.distribute();
    const message = sender.send('once');
    expect(reader.read(message)).toBe('once');
    reader.accept(distribution);
    expect(() => reader.read(message)).toThrow(withCode('duplicate'));
  });

  it('stays readable after four newer ones, but not after five', () => {
    const { sender: old, reader } = aGroup();
    const newKey = () => reader.accept(new Member().distribute());
    for (let count = 0; count < 4; count += 1) newKey();
    expect(reader.read(old.send('still'))).toBe('still');
    newKey();
    expect(() => reader.read(old.send('no more'))).toThrow(withCode('no_session'));
  });

  it('says where its messages stand', () => {
    const { sender } = aGroup();
    const [first, second] = [sender.send('a'), sender.send('b')];
    const position = readRatchetPosition('skmsg', first);
    expect(position.counter).toBe(0);
    expect(position.chain).toMatch(/^\d+$/);
    expect(readRatchetPosition('skmsg', second)).toEqual({ chain: position.chain, counter: 1 });
  });

  it('keeps the keys of at most 256 messages that it has not seen', () => {
    const { sender, reader } = aGroup();
    for (let count = 0; count < 300; count += 1) sender.send('left out');
    reader.read(sender.send('read'));
    expect(Object.keys(reader.state?.chains[0]?.skipped ?? {})).toHaveLength(256);
  });

  it.each([
    ['a message of a key that was not given', 'no_session', () => new Member()],
    ['a message signed by another', 'bad_signature', (key: Member) => key],
  ] as const)('refuses %s', (_name, code, signerOf) => {
    const { sender, reader } = aGroup();
    const signer = signerOf(sender);
    signer.distribute();
    const message = signer.send('text');
    const last = message.length - 40;
    message.writeUInt8(message.readUInt8(last) ^ 1, last);
    expect(() => reader.read(message)).toThrow(withCode(code));
  });

  it('refuses a message too far ahead', () => {
    const { sender, reader } = aGroup();
    const chains = sender.state?.chains.map((chain) => ({ ...chain, next: 2001 })) ?? [];
    sender.state = { version: 1, chains };
    expect(() => reader.read(sender.send('far'))).toThrow(withCode('too_far_ahead'));
  });

  it('cannot be used by a member to write', () => {
    const { reader } = aGroup();
    expect(() => reader.send('text')).toThrow(withCode('no_session'));
  });

  it.each(['', '33', '33ff', `33${'00'.repeat(70)}`])('refuses the bytes %j', (hex) => {
    const { reader } = aGroup();
    const bytes = Buffer.from(hex, 'hex');
    expect(() => reader.read(bytes)).toThrow(withCode('malformed'));
    expect(() => reader.accept(bytes)).toThrow(withCode('malformed'));
  });
});

describe('a group with Baileys', () => {
  it('reads what Baileys sends, in any order', async () => {
    const [sender, reader] = [new BaileysMember(), new Member()];
    reader.accept(await sender.distribute());
    const sent = [];
    for (let index = 0; index < 30; index += 1) sent.push(await sender.send(`${index}`));
    for (const [index, message] of [...sent.entries()].reverse()) {
      expect(reader.read(message)).toBe(`${index}`);
    }
    reader.accept(await sender.distribute());
    expect(reader.read(await sender.send('after'))).toBe('after');
  });

  it('sends what Baileys reads, in any order', async () => {
    const [sender, reader] = [new Member(), new BaileysMember()];
    await reader.accept(sender.distribute());
    const sent = Array.from({ length: 30 }, (_, index) => sender.send(`${index}`));
    for (const [index, message] of [...sent.entries()].reverse()) {
      expect(await reader.read(message)).toBe(`${index}`);
    }
  });

  it('lets a late Baileys member read from then on', async () => {
    const [sender, reader] = [new Member(), new BaileysMember()];
    sender.distribute();
    sender.send('before');
    await reader.accept(sender.distribute());
    expect(await reader.read(sender.send('after'))).toBe('after');
  });
});
