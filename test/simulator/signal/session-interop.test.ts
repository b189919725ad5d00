import { describe, expect, it } from 'vitest';

import {
  decryptMessage,
  encryptMessage,
  type SessionState,
  startSession,
} from '#simulator/signal/session.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { aDevice, type Device } from './device.ts';
import { LibsignalDevice } from './libsignal-device.ts';

silenceLibsignal();

/** One of our devices that keeps its state as stored JSON between the calls. */
class OurDevice {
  readonly device: Device = aDevice();
  #stored: string | undefined;

  get state(): SessionState | undefined {
    return this.#stored === undefined ? undefined : JSON.parse(this.#stored);
  }

  start(remote: LibsignalDevice, preKeyId: number): void {
    const options = { previous: this.state };
    this.#keep(startSession(this.device.local, remote.bundle(preKeyId), options));
  }

  encrypt(text: string): { type: 'pkmsg' | 'msg'; ciphertext: Buffer } {
    if (!this.state) throw new Error('There is no session.');
    const { state, ...sent } = encryptMessage(this.device.local, this.state, Buffer.from(text));
    this.#keep(state);
    return sent;
  }

  decrypt(incoming: { type: 'pkmsg' | 'msg'; ciphertext: Buffer }): string {
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
    this.#stored = JSON.stringify(state);
  }
}

async function aPair(starter: 'ours' | 'theirs') {
  const ours = new OurDevice();
  const theirs = new LibsignalDevice();
  if (starter === 'ours') ours.start(theirs, 1);
  else await theirs.startSession(ours.device.bundle(1));
  return { ours, theirs };
}

describe('a session with libsignal', () => {
  it('that we start carries messages both ways', async () => {
    const { ours, theirs } = await aPair('ours');
    const first = ours.encrypt('one');
    expect(first.type).toBe('pkmsg');
    expect(await theirs.decrypt(first)).toBe('one');
    expect(theirs.preKeys.has(1)).toBe(false);
    expect(await theirs.decrypt(ours.encrypt('two'))).toBe('two');
    const answer = await theirs.encrypt('three');
    expect(answer.type).toBe('msg');
    expect(ours.decrypt(answer)).toBe('three');
    const last = ours.encrypt('four');
    expect(last.type).toBe('msg');
    expect(await theirs.decrypt(last)).toBe('four');
  });

  it('that they start carries messages both ways', async () => {
    const { ours, theirs } = await aPair('theirs');
    const first = await theirs.encrypt('one');
    expect(first.type).toBe('pkmsg');
    expect(ours.decrypt(first)).toBe('one');
    expect(ours.device.preKeys.has(1)).toBe(false);
    expect(ours.decrypt(await theirs.encrypt('two'))).toBe('two');
    expect(await theirs.decrypt(ours.encrypt('three'))).toBe('three');
    expect(ours.decrypt(await theirs.encrypt('four'))).toBe('four');
  });

  it.each(['ours', 'theirs'] as const)(
    'started by %s survives 500 messages of ping-pong',
    async (starter) => {
      const { ours, theirs } = await aPair(starter);
      const opening = starter === 'ours' ? ours.encrypt('0') : await theirs.encrypt('0');
      expect(starter === 'ours' ? await theirs.decrypt(opening) : ours.decrypt(opening)).toBe('0');
      for (let turn = 0; turn < 250; turn += 1) {
        expect(await theirs.decrypt(ours.encrypt(`ping ${turn}`))).toBe(`ping ${turn}`);
        expect(ours.decrypt(await theirs.encrypt(`pong ${turn}`))).toBe(`pong ${turn}`);
      }
    },
  );

  it('takes messages of theirs in any order, also over a turn of the ratchet', async () => {
    const { ours, theirs } = await aPair('theirs');
    ours.decrypt(await theirs.encrypt('opening'));
    const early = [await theirs.encrypt('a'), await theirs.encrypt('b'), await theirs.encrypt('c')];
    const [a, b, c] = early;
    if (!a || !b || !c) throw new Error('Three messages were sent.');
    expect(ours.decrypt(c)).toBe('c');
    await theirs.decrypt(ours.encrypt('turn'));
    const later = [await theirs.encrypt('d'), await theirs.encrypt('e')];
    const [d, e] = later;
    if (!d || !e) throw new Error('Two messages were sent.');
    expect(ours.decrypt(e)).toBe('e');
    expect(ours.decrypt(a)).toBe('a');
    expect(ours.decrypt(d)).toBe('d');
    expect(ours.decrypt(b)).toBe('b');
  });

  it('lets them take messages of ours in any order, also over a turn of the ratchet', async () => {
    const { ours, theirs } = await aPair('ours');
    await theirs.decrypt(ours.encrypt('opening'));
    ours.decrypt(await theirs.encrypt('turn'));
    const [a, b, c] = [ours.encrypt('a'), ours.encrypt('b'), ours.encrypt('c')];
    expect(await theirs.decrypt(c)).toBe('c');
    ours.decrypt(await theirs.encrypt('turn'));
    const [d, e] = [ours.encrypt('d'), ours.encrypt('e')];
    expect(await theirs.decrypt(e)).toBe('e');
    expect(await theirs.decrypt(b)).toBe('b');
    expect(await theirs.decrypt(a)).toBe('a');
    expect(await theirs.decrypt(d)).toBe('d');
  });

  it('goes on when messages are lost', async () => {
    const { ours, theirs } = await aPair('ours');
    await theirs.decrypt(ours.encrypt('opening'));
    for (let index = 0; index < 100; index += 1) {
      ours.encrypt('lost');
      await theirs.encrypt('lost');
    }
    expect(ours.decrypt(await theirs.encrypt('kept'))).toBe('kept');
    expect(await theirs.decrypt(ours.encrypt('kept too'))).toBe('kept too');
  });

  it('tells a message that comes twice', async () => {
    const { ours, theirs } = await aPair('theirs');
    const opening = await theirs.encrypt('opening');
    ours.decrypt(opening);
    expect(() => ours.decrypt(opening)).toThrow(expect.objectContaining({ code: 'duplicate' }));
    await theirs.decrypt(ours.encrypt('turn'));
    const second = await theirs.encrypt('second');
    ours.decrypt(second);
    expect(() => ours.decrypt(second)).toThrow(expect.objectContaining({ code: 'duplicate' }));
    expect(ours.decrypt(await theirs.encrypt('third'))).toBe('third');
  });

  it('gives them no message twice', async () => {
    const { ours, theirs } = await aPair('ours');
    const opening = ours.encrypt('opening');
    await theirs.decrypt(opening);
    await expect(theirs.decrypt(opening)).rejects.toThrow();
    expect(await theirs.decrypt(ours.encrypt('second'))).toBe('second');
  });

  // They speak first after the crossing: libsignal turns the ratchet of each session that it tries
  // in vain, so our first message on the other session would spoil the one which they send on.
  it('is found when both sides start one at the same time', async () => {
    const { ours, theirs } = await aPair('ours');
    await theirs.startSession(ours.device.bundle(2));
    const [fromUs, fromThem] = [ours.encrypt('from us'), await theirs.encrypt('from them')];
    expect(ours.decrypt(fromThem)).toBe('from them');
    expect(await theirs.decrypt(fromUs)).toBe('from us');
    expect(ours.decrypt(await theirs.encrypt('on our session'))).toBe('on our session');
    for (let turn = 0; turn < 20; turn += 1) {
      const crossing = [ours.encrypt(`us ${turn}`), await theirs.encrypt(`them ${turn}`)] as const;
      expect(ours.decrypt(crossing[1])).toBe(`them ${turn}`);
      expect(await theirs.decrypt(crossing[0])).toBe(`us ${turn}`);
      expect(await theirs.decrypt(ours.encrypt('alone'))).toBe('alone');
      expect(ours.decrypt(await theirs.encrypt('alone'))).toBe('alone');
    }
  });

  it('is replaced when they lost theirs and start anew', async () => {
    const { ours, theirs } = await aPair('theirs');
    ours.decrypt(await theirs.encrypt('before'));
    await theirs.decrypt(ours.encrypt('before'));
    theirs.stored = undefined;
    await theirs.startSession(ours.device.bundle(3));
    expect(ours.decrypt(await theirs.encrypt('after'))).toBe('after');
    expect(await theirs.decrypt(ours.encrypt('after'))).toBe('after');
    expect(ours.state?.sessions).toHaveLength(2);
  });

  it('reads late messages of a session that was replaced', async () => {
    const { ours, theirs } = await aPair('theirs');
    ours.decrypt(await theirs.encrypt('opening'));
    const late = await theirs.encrypt('late');
    ours.start(theirs, 4);
    expect(await theirs.decrypt(ours.encrypt('new session'))).toBe('new session');
    expect(ours.decrypt(late)).toBe('late');
  });

  it('reads on after they were put back to an older state', async () => {
    const { ours, theirs } = await aPair('theirs');
    ours.decrypt(await theirs.encrypt('opening'));
    const backup = theirs.stored;
    await theirs.decrypt(ours.encrypt('turn'));
    ours.decrypt(await theirs.encrypt('after the backup'));
    theirs.stored = backup;
    expect(ours.decrypt(await theirs.encrypt('on the old chain'))).toBe('on the old chain');
  });
});
