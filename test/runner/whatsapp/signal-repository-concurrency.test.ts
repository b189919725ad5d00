import { describe, expect, it } from 'vitest';
import { readRatchetPosition } from '#simulator/signal/header.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { acquainted, type Cipher, type SignalDevice, strangers } from './signal-device.ts';

const EACH_WAY = 200;

silenceLibsignal();

const openBlobs = async () => (await openForTest()).storage.mediaBlobs;
const positionOf = ({ type, ciphertext }: Cipher) => {
  const { chain, counter } = readRatchetPosition(type, ciphertext);
  return `${chain}/${counter}`;
};

describe('writeBeforeWire, with much at the same time', () => {
  it('neither uses a position twice nor loses a message, both ways with one person', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const send = async (from: SignalDevice, to: SignalDevice, text: string) => {
      const cipher = await from.encrypt(to, text);
      expect(await to.receive(from, cipher)).toBe(text);
      return positionOf(cipher);
    };
    const ways = Array.from({ length: EACH_WAY }, (_, n) => [
      send(alice, bob, `to ${n}`),
      send(bob, alice, `fro ${n}`),
    ]);
    const positions = await Promise.all(ways.flat());
    expect(new Set(positions).size).toBe(2 * EACH_WAY);
    const expected = (word: string) => Array.from({ length: EACH_WAY }, (_, n) => `${word} ${n}`);
    expect(bob.texts.sort()).toEqual(expected('to').sort());
    expect(alice.texts.sort()).toEqual(expected('fro').sort());
  });

  it('does so too when both have started a session with the other', async () => {
    const [alice, bob] = await strangers(await openBlobs());
    await alice.meet(bob);
    await bob.meet(alice);
    const [toBob, toAlice] = [await alice.encrypt(bob, 'hi'), await bob.encrypt(alice, 'ho')];
    expect(await bob.receive(alice, toBob)).toBe('hi');
    expect(await alice.receive(bob, toAlice)).toBe('ho');
    const positions = [positionOf(toBob), positionOf(toAlice)];
    for (let n = 0; n < 20; n += 1) {
      const crossing = [await alice.encrypt(bob, `to ${n}`), await bob.encrypt(alice, `fro ${n}`)];
      const [to, fro] = crossing;
      positions.push(...crossing.map(positionOf));
      expect(to && (await bob.receive(alice, to))).toBe(`to ${n}`);
      expect(fro && (await alice.receive(bob, fro))).toBe(`fro ${n}`);
    }
    expect(new Set(positions).size).toBe(2 + 40);
  });

  it('shares the records of what is encrypted at once', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const before = alice.log.records.length;
    const texts = Array.from({ length: EACH_WAY }, (_, n) => alice.encrypt(bob, `to ${n}`));
    const positions = (await Promise.all(texts)).map(positionOf);
    expect(new Set(positions).size).toBe(EACH_WAY);
    expect(alice.log.records.length - before).toBeLessThan(EACH_WAY);
  });
});
