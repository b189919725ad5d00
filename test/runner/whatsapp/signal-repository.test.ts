import { describe, expect, it } from 'vitest';
import { readRatchetPosition } from '#simulator/signal/header.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { until } from '../../until.ts';
import { acquainted, type Cipher, type SignalDevice, strangers } from './signal-device.ts';

const GROUP = '120363041234567890@g.us';

silenceLibsignal();

const openBlobs = async () => (await openForTest()).storage.mediaBlobs;
const positionOf = ({ type, ciphertext }: Cipher) => {
  const { chain, counter } = readRatchetPosition(type, ciphertext);
  return `${chain}/${counter}`;
};

/** What Alice says to the group, Bob having her sender key. */
async function groupWithBob(): Promise<{ alice: SignalDevice; bob: SignalDevice; say: Say }> {
  const [alice, bob] = await acquainted(await openBlobs());
  const say: Say = async (text) => {
    const data = Buffer.from(text);
    const { ciphertext, senderKeyDistributionMessage } = await alice.repository.encryptGroupMessage(
      { group: GROUP, data, meId: alice.jid },
    );
    return { cipher: { type: 'skmsg', ciphertext }, senderKey: senderKeyDistributionMessage };
  };
  const { senderKey } = await say('before Bob came');
  await bob.repository.processSenderKeyDistributionMessage({
    item: { groupId: GROUP, axolotlSenderKeyDistributionMessage: senderKey },
    authorJid: alice.jid,
  });
  return { alice, bob, say };
}
type Say = (text: string) => Promise<{ cipher: Cipher; senderKey: Uint8Array }>;

describe('writeBeforeWire, encrypting', () => {
  it('gives the ciphertext out only when the step is durable', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const begunBefore = alice.log.begun;
    alice.log.shut();
    let isOut = false;
    const encrypting = alice.encrypt(bob, 'first').then((cipher) => {
      isOut = true;
      return cipher;
    });
    await until('the append is under way', () => alice.log.begun === begunBefore + 1);
    expect(isOut).toBe(false);
    alice.log.release();
    await encrypting;
    expect(Object.keys(alice.log.records.at(-1)?.['session'] ?? {})).toEqual(['2349040613521.8']);
  });

  it('does not give it out when the step cannot be written', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    alice.log.refuse(new Error('the disk is full'));
    await expect(alice.encrypt(bob, 'first')).rejects.toThrow('the disk is full');
    expect(alice.state.isDead).toBe(true);
  });

  it('never uses a position again after a kill', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const positions: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const cipher = await alice.encrypt(bob, `text ${n}`);
      positions.push(positionOf(cipher));
      await alice.restart();
      expect(await bob.receive(alice, cipher)).toBe(`text ${n}`);
    }
    expect(new Set(positions).size).toBe(5);
  });

  it('gives out a group message only when the step is durable', async () => {
    const [alice] = await acquainted(await openBlobs());
    const begunBefore = alice.log.begun;
    alice.log.shut();
    let isOut = false;
    const data = Buffer.from('hello all');
    const encrypting = alice.repository
      .encryptGroupMessage({ group: GROUP, data, meId: alice.jid })
      .then(() => {
        isOut = true;
      });
    await until('the append is under way', () => alice.log.begun === begunBefore + 1);
    expect(isOut).toBe(false);
    alice.log.release();
    await encrypting;
    expect(Object.keys(alice.log.records.at(-1) ?? {})).toEqual(['sender-key']);
  });
});

describe('writeBeforeWire, decrypting', () => {
  it('writes plaintext and step in one record: the first message of a person', async () => {
    const [alice, bob] = await strangers(await openBlobs());
    await alice.meet(bob, 3);
    const cipher = await alice.encrypt(bob, 'hello');
    const before = bob.log.records.length;
    expect(cipher.type).toBe('pkmsg');
    expect(await bob.receive(alice, cipher)).toBe('hello');
    expect(bob.log.records).toHaveLength(before + 1);
    const record = bob.log.records.at(-1) ?? {};
    expect(Object.keys(record).sort()).toEqual(['identity-key', 'inbox', 'pre-key', 'session']);
    expect(record['pre-key']).toEqual({ 3: null });
  });

  it('writes plaintext and step in one record: a later message', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const cipher = await alice.encrypt(bob, 'again');
    const before = bob.log.records.length;
    expect(cipher.type).toBe('msg');
    await bob.receive(alice, cipher);
    expect(bob.log.records).toHaveLength(before + 1);
    expect(Object.keys(bob.log.records.at(-1) ?? {}).sort()).toEqual(['inbox', 'session']);
  });

  it('writes plaintext and step in one record: a message to a group', async () => {
    const { alice, bob, say } = await groupWithBob();
    const { cipher } = await say('hello all');
    await bob.state.flush();
    const before = bob.log.records.length;
    expect(await bob.receive(alice, cipher, GROUP)).toBe('hello all');
    expect(bob.log.records).toHaveLength(before + 1);
    expect(Object.keys(bob.log.records.at(-1) ?? {}).sort()).toEqual(['inbox', 'sender-key']);
  });

  it('passes a message on only when it is durable', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const cipher = await alice.encrypt(bob, 'again');
    const begunBefore = bob.log.begun;
    bob.log.shut();
    const receiving = bob.receive(alice, cipher);
    await until('the append is under way', () => bob.log.begun === begunBefore + 1);
    expect(bob.texts).toEqual([]);
    bob.log.release();
    await receiving;
    expect(bob.texts).toEqual(['again']);
  });

  it('has the sender key of a group durable before WhatsApp hears of it', async () => {
    const { alice, bob, say } = await groupWithBob();
    await bob.restart();
    const { cipher } = await say('hello all');
    expect(await bob.receive(alice, cipher, GROUP)).toBe('hello all');
  });

  it('throws for bytes that are no message, and goes on', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const cipher = await alice.encrypt(bob, 'again');
    const broken = Buffer.from(cipher.ciphertext).fill(0, 20);
    await expect(bob.receive(alice, { ...cipher, ciphertext: broken })).rejects.toThrow();
    expect(await bob.receive(alice, cipher)).toBe('again');
    expect(bob.texts).toEqual(['again']);
  });
});

describe('writeBeforeWire, when a ciphertext comes again', () => {
  async function receiveTwice(bob: SignalDevice, alice: SignalDevice, cipher: Cipher) {
    const first = await bob.receive(alice, cipher, GROUP);
    const written = bob.log.begun;
    const second = await bob.receive(alice, cipher, GROUP);
    return { first, second, appends: bob.log.begun - written };
  }

  it.each(['pkmsg', 'msg', 'skmsg'] as const)(
    'answers a %s from the inbox, without decrypting or passing it on again',
    async (type) => {
      const { alice, bob, cipher } = await {
        pkmsg: async () => {
          const [alice, bob] = await strangers(await openBlobs());
          await alice.meet(bob);
          return { alice, bob, cipher: await alice.encrypt(bob, 'twice') };
        },
        msg: async () => {
          const [alice, bob] = await acquainted(await openBlobs());
          return { alice, bob, cipher: await alice.encrypt(bob, 'twice') };
        },
        skmsg: async () => {
          const { alice, bob, say } = await groupWithBob();
          return { alice, bob, cipher: (await say('twice')).cipher };
        },
      }[type]();
      expect(cipher.type).toBe(type);
      expect(await receiveTwice(bob, alice, cipher)).toEqual({
        first: 'twice',
        second: 'twice',
        appends: 0,
      });
      expect(bob.texts).toEqual(['twice']);

      await bob.restart();
      expect(bob.texts).toEqual(['twice']);
      expect(await bob.receive(alice, cipher, GROUP)).toBe('twice');
      expect(bob.texts).toEqual(['twice']);
    },
  );

  it('answers it also after it was handled', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const cipher = await alice.encrypt(bob, 'twice');
    await bob.receive(alice, cipher);
    bob.inbox.markHandled(bob.passedOn[0]?.id ?? '');
    await bob.state.flush();
    await bob.restart();
    expect(bob.texts).toEqual([]);
    expect(await bob.receive(alice, cipher)).toBe('twice');
    expect(bob.texts).toEqual([]);
  });
});

describe('writeBeforeWire, killed at any point', () => {
  it('before the record: WhatsApp delivers it again, and it is decrypted then', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    const cipher = await alice.encrypt(bob, 'once');
    const begunBefore = bob.log.begun;
    bob.log.shut();
    const lost = bob.receive(alice, cipher);
    await until('the append is under way', () => bob.log.begun === begunBefore + 1);
    bob.log.refuse(new Error('killed'));
    bob.log.release();
    await expect(lost).rejects.toThrow('killed');
    expect(bob.texts).toEqual([]);
    await bob.restart();
    expect(bob.texts).toEqual([]);
    expect(await bob.receive(alice, cipher)).toBe('once');
    expect(bob.texts).toEqual(['once']);
  });

  it('after the record: what was not handled is told again, in order', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    for (const text of ['one', 'two', 'three', 'four']) {
      await bob.receive(alice, await alice.encrypt(bob, text));
    }
    const [, second] = bob.passedOn;
    bob.inbox.markHandled(second?.id ?? '');
    await bob.state.flush();
    await bob.restart();
    expect(bob.texts).toEqual(['one', 'three', 'four']);
  });

  it('before the mark of handling is written: it is told again', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    await bob.receive(alice, await alice.encrypt(bob, 'once'));
    bob.inbox.markHandled(bob.passedOn[0]?.id ?? '');
    await bob.restart();
    expect(bob.texts).toEqual(['once']);
    expect(bob.passedOn[0]?.attrs).toMatchObject({ from: alice.jid });
  });

  it('and the conversation goes on, both ways', async () => {
    const [alice, bob] = await acquainted(await openBlobs());
    for (let n = 0; n < 4; n += 1) {
      expect(await bob.receive(alice, await alice.encrypt(bob, `to ${n}`))).toBe(`to ${n}`);
      await bob.restart();
      expect(await alice.receive(bob, await bob.encrypt(alice, `fro ${n}`))).toBe(`fro ${n}`);
      await alice.restart();
    }
  });
});
