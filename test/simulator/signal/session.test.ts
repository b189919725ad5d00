import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readRatchetPosition } from '#simulator/signal/header.ts';
import {
  decryptMessage,
  encryptMessage,
  type SessionState,
  startSession,
} from '#simulator/signal/session.ts';
import { aDevice, type Device } from './device.ts';

type Sent = { type: 'pkmsg' | 'msg'; ciphertext: Buffer };

/** One device with its session to the other; the state goes through JSON each time. */
class End {
  readonly device: Device = aDevice();
  state: SessionState | undefined;

  start(remote: End, preKeyId?: number): this {
    const bundle = remote.device.bundle(preKeyId);
    this.#keep(startSession(this.device.local, bundle, { previous: this.state }));
    return this;
  }

  send(text: string): Sent {
    if (!this.state) throw new Error('There is no session.');
    const { state, ...sent } = encryptMessage(this.device.local, this.state, Buffer.from(text));
    this.#keep(state);
    return sent;
  }

  read(incoming: Sent): string {
    const { state, plaintext, usedPreKeyId } = decryptMessage(
      this.device.local,
      this.state,
      incoming,
    );
    if (usedPreKeyId !== undefined) this.device.preKeys.delete(usedPreKeyId);
    this.#keep(state);
    return plaintext.toString();
  }

  #keep(state: SessionState): void {
    this.state = JSON.parse(JSON.stringify(state));
  }
}

function aTalk(): { alice: End; bob: End } {
  const [alice, bob] = [new End(), new End()];
  alice.start(bob, 1);
  bob.read(alice.send('opening'));
  alice.read(bob.send('answer'));
  return { alice, bob };
}

/** Reads the messages at these places; each of them only once. */
function readOnce(receiver: End, sent: readonly Sent[], places: Iterable<number>): void {
  for (const place of places) {
    const message = sent[place];
    if (!message) throw new Error('That message was not sent.');
    expect(receiver.read(message)).toBe(`${place}`);
    expect(() => receiver.read(message)).toThrow(withCode('duplicate'));
  }
}

const withCode = (code: string) => expect.objectContaining({ name: 'SignalError', code });

describe('a session', () => {
  it('starts with or without a one-time key, and says which one it used', () => {
    for (const preKeyId of [undefined, 3]) {
      const [alice, bob] = [new End(), new End()];
      const opening = alice.start(bob, preKeyId).send('hello');
      expect(opening.type).toBe('pkmsg');
      const read = decryptMessage(bob.device.local, undefined, opening);
      expect(read.plaintext.toString()).toBe('hello');
      expect(read.usedPreKeyId).toBe(preKeyId);
    }
  });

  it('stays a pre-key session until the other side has answered', () => {
    const [alice, bob] = [new End(), new End()];
    const [first, second] = [alice.start(bob, 1).send('one'), alice.send('two')];
    expect(second.type).toBe('pkmsg');
    expect(bob.read(second)).toBe('two');
    expect(bob.read(first)).toBe('one');
    expect(bob.state?.sessions).toHaveLength(1);
    alice.read(bob.send('answer'));
    expect(alice.send('three').type).toBe('msg');
  });

  it('delivers every message once, in whatever order they come and whatever is lost', () => {
    const turn = fc.record({
      fromAlice: fc.boolean(),
      count: fc.integer({ min: 1, max: 4 }),
      order: fc.array(fc.nat({ max: 9 }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 8 }), (turns) => {
        const { alice, bob } = aTalk();
        for (const { fromAlice, count, order } of turns) {
          const [sender, receiver] = fromAlice ? [alice, bob] : [bob, alice];
          const sent = Array.from({ length: count }, (_, at) => sender.send(`${at}`));
          const arriving = new Set(order.map((at) => at % count));
          readOnce(receiver, sent, arriving);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('works when both sides start one at the same time', () => {
    const [alice, bob] = [new End().start(new End(), 1), new End()];
    alice.state = undefined;
    alice.start(bob, 1);
    bob.start(alice, 1);
    const [fromAlice, fromBob] = [alice.send('from Alice'), bob.send('from Bob')];
    expect(alice.read(fromBob)).toBe('from Bob');
    expect(bob.read(fromAlice)).toBe('from Alice');
    for (let turn = 0; turn < 10; turn += 1) {
      const [crossing, other] = [alice.send('to Bob'), bob.send('to Alice')];
      expect(alice.read(other)).toBe('to Alice');
      expect(bob.read(crossing)).toBe('to Bob');
    }
    expect(alice.send('now it runs').type).toBe('msg');
  });

  it('keeps 40 archived sessions', () => {
    const [alice, bob] = [new End(), new End()];
    const openings = Array.from({ length: 45 }, () => alice.start(bob).send('opening'));
    for (const opening of openings) bob.read(opening);
    expect(alice.state?.sessions).toHaveLength(41);
    expect(bob.state?.sessions).toHaveLength(41);
  });

  it('never gives a ratchet position to two messages', () => {
    const { alice, bob } = aTalk();
    const positions = new Set<string>();
    for (let turn = 0; turn < 10; turn += 1) {
      for (const [sender, receiver] of [
        [alice, bob],
        [bob, alice],
        [alice, bob],
      ] as const) {
        const sent = sender.send('text');
        const { chain, counter } = readRatchetPosition(sent.type, sent.ciphertext);
        positions.add(`${chain} ${counter}`);
        receiver.read(sent);
      }
    }
    expect(positions.size).toBe(30);
  });

  it('reads a position in a pre-key message as in the message inside', () => {
    const [alice, bob] = [new End(), new End()];
    const [first, second] = [alice.start(bob, 1).send('one'), alice.send('two')];
    const position = readRatchetPosition(first.type, first.ciphertext);
    expect(position.counter).toBe(0);
    expect(position.chain).toMatch(/^[0-9a-f]{64}$/);
    expect(readRatchetPosition(second.type, second.ciphertext)).toEqual({
      chain: position.chain,
      counter: 1,
    });
  });

  it('carries an empty message', () => {
    const { alice, bob } = aTalk();
    expect(bob.read(alice.send(''))).toBe('');
  });
});

describe('a session refuses', () => {
  it('a bundle whose signed pre-key is not signed by its identity', () => {
    const [alice, bob] = [new End(), new End()];
    const bundle = { ...bob.device.bundle(1), identityKey: aDevice().local.identity.public };
    expect(() => startSession(alice.device.local, bundle)).toThrow(withCode('bad_signature'));
  });

  it('a message when there is no session', () => {
    const { alice, bob } = aTalk();
    const sent = alice.send('text');
    bob.state = undefined;
    expect(() => bob.read(sent)).toThrow(withCode('no_session'));
    const empty: SessionState = { version: 1, sessions: [] };
    expect(() => encryptMessage(bob.device.local, empty, Buffer.of(1))).toThrow(
      withCode('no_session'),
    );
  });

  it('a changed message, and reads the right one afterwards', () => {
    const { alice, bob } = aTalk();
    const sent = alice.send('text');
    const changed = Buffer.from(sent.ciphertext);
    const last = changed.length - 1;
    changed.writeUInt8(changed.readUInt8(last) ^ 1, last);
    expect(() => bob.read({ type: 'msg', ciphertext: changed })).toThrow(withCode('bad_mac'));
    expect(bob.read(sent)).toBe('text');
  });

  it("another device's message", () => {
    const { bob } = aTalk();
    const { alice: stranger } = aTalk();
    expect(() => bob.read(stranger.send('text'))).toThrow(withCode('bad_mac'));
  });

  it('a pre-key message whose one-time key was used up', () => {
    const [alice, carol, bob] = [new End(), new End(), new End()];
    const [first, second] = [alice.start(bob, 1).send('one'), carol.start(bob, 1).send('two')];
    expect(bob.read(first)).toBe('one');
    expect(() => decryptMessage(bob.device.local, undefined, second)).toThrow(
      withCode('unknown_pre_key'),
    );
  });

  it('a pre-key message that comes twice', () => {
    const [alice, bob] = [new End(), new End()];
    const opening = alice.start(bob, 1).send('one');
    bob.read(opening);
    expect(() => bob.read(opening)).toThrow(withCode('duplicate'));
  });

  it('a message too far ahead, and goes on with the next', () => {
    const { alice, bob } = aTalk();
    const near = alice.send('near');
    for (let index = 0; index < 2000; index += 1) alice.send('lost');
    const far = alice.send('far');
    expect(() => bob.read(far)).toThrow(withCode('too_far_ahead'));
    expect(bob.read(near)).toBe('near');
    expect(bob.read(far)).toBe('far');
  });

  it.each([
    ['nothing', ''],
    ['only a version', '33'],
    ['another version', '2200112233445566778899'],
    ['no protobuf', `33${'ff'.repeat(40)}`],
    ['no fields', `33${'00'.repeat(8)}`],
  ])('%s', (_name, hex) => {
    const { bob } = aTalk();
    for (const type of ['msg', 'pkmsg'] as const) {
      const incoming = { type, ciphertext: Buffer.from(hex, 'hex') };
      expect(() => bob.read(incoming)).toThrow(withCode('malformed'));
      expect(() => readRatchetPosition(type, incoming.ciphertext)).toThrow(withCode('malformed'));
    }
  });

  it('any bytes with a SignalError', () => {
    const { bob } = aTalk();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const ciphertext = Buffer.concat([Buffer.of(0x33), bytes]);
        for (const type of ['msg', 'pkmsg'] as const) {
          expect(() => bob.read({ type, ciphertext })).toThrow(
            expect.objectContaining({ name: 'SignalError' }),
          );
        }
      }),
    );
  });
});
