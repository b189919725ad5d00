import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decryptMedia } from '#simulator/media/media-cipher.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { call, messagesOf, phoneOf, sendFromPhone, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, mediaAgent, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550002001';
const ANNA = '15550002002';
const BEN = '15550002003';

silenceLibsignal();

describe('groups and media', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
    client = await pair(simulator.current, BOT, {
      fetchAgent: await mediaAgent(simulator.current),
    });
    for (const number of [ANNA, BEN]) await call(simulator.current, 'POST', '/phones', { number });
  });
  afterAll(async () => {
    await client.close();
    expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
    await simulator.remove();
  });

  for (const addressingMode of ['lid', 'pn'] as const) {
    it(`carries texts of a group both ways, addressed by ${addressingMode}`, async () => {
      const { id: group } = await call<{ id: string }>(simulator.current, 'POST', '/groups', {
        subject: 'Plans',
        participants: [ANNA, BEN, BOT],
        addressingMode,
      });
      const metadata = await client.socket.groupMetadata(group);
      expect(metadata).toMatchObject({ id: group, subject: 'Plans', addressingMode, size: 3 });
      const first = await client.sendAcked(group, 'hello group');
      const second = await client.sendAcked(group, 'once more');
      for (const number of [ANNA, BEN, BOT]) {
        const shown = (await messagesOf(simulator.current, number)).filter((m) => m.chat === group);
        expect(shown).toMatchObject([
          { id: first, from: `${BOT}@c.us`, text: 'hello group', fromMe: number === BOT },
          { id: second, text: 'once more', copies: 1 },
        ]);
      }
      await eventually(() => client.readersOf(second).length === 2);
      for (const text of ['hi from anna', 'anna again']) {
        await sendFromPhone(simulator.current, ANNA, { to: group, text });
      }
      await eventually(() => client.texts().includes('anna again'));
      const received = client.received.filter(
        ({ key, message }) => message && key.remoteJid === group && !key.fromMe,
      );
      expect(received.map(({ message }) => message?.conversation)).toEqual([
        'hi from anna',
        'anna again',
      ]);
      const { lid } = await phoneOf(simulator.current, ANNA);
      const byNumber = `${ANNA}@s.whatsapp.net`;
      expect(received[0]?.key).toMatchObject(
        addressingMode === 'lid'
          ? { participant: lid, participantAlt: byNumber }
          : { participant: byNumber, participantAlt: lid },
      );
      expect((await messagesOf(simulator.current, BEN)).at(-1)).toMatchObject({
        chat: group,
        from: `${ANNA}@c.us`,
        text: 'anna again',
      });
    });
  }

  it('has the phones of a group ask again for what they cannot decrypt', async () => {
    const { id: group } = await call<{ id: string }>(simulator.current, 'POST', '/groups', {
      subject: 'Bad line',
      participants: [ANNA, BEN, BOT],
    });
    const { signalRepository } = client.socket;
    const encrypt = signalRepository.encryptGroupMessage;
    signalRepository.encryptGroupMessage = async (request) => {
      signalRepository.encryptGroupMessage = encrypt;
      const { ciphertext, ...rest } = await encrypt(request);
      const damaged = Buffer.from(ciphertext);
      damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1);
      return { ...rest, ciphertext: damaged };
    };
    const id = await client.sendText(group, 'hard to read');
    for (const number of [ANNA, BEN, BOT]) {
      await eventually(async () => {
        const shown = await messagesOf(simulator.current, number);
        return shown.filter((message) => message.id === id).length === 1;
      });
    }
    await sendFromPhone(simulator.current, ANNA, { to: group, text: 'got it' });
    await eventually(() => client.texts().includes('got it'));
  });

  it('has a phone of a group send again what the device cannot decrypt', async () => {
    const { id: group } = await call<{ id: string }>(simulator.current, 'POST', '/groups', {
      subject: 'Lost keys',
      participants: [ANNA, BOT],
    });
    await sendFromPhone(simulator.current, ANNA, { to: group, text: 'gives the key' });
    await eventually(() => client.texts().includes('gives the key'));
    client.state.loseSenderKeys();
    await sendFromPhone(simulator.current, ANNA, { to: group, text: 'needs the key' });
    await eventually(() => client.texts().includes('needs the key'));
    await sendFromPhone(simulator.current, ANNA, { to: group, text: 'has the key again' });
    await eventually(() => client.texts().includes('has the key again'));
  });

  it('refuses a message to a group of which the sender is no member', async () => {
    const { id: group } = await call<{ id: string }>(simulator.current, 'POST', '/groups', {
      subject: 'Others',
      participants: [ANNA, BEN],
    });
    await expect(client.socket.groupMetadata(group)).rejects.toThrow();
  });

  it('lets a device make a group', async () => {
    const group = await client.socket.groupCreate('Made here', [`${ANNA}@s.whatsapp.net`]);
    expect(group.subject).toBe('Made here');
    await client.sendAcked(group.id, 'welcome');
    expect((await messagesOf(simulator.current, ANNA)).at(-1)).toMatchObject({ text: 'welcome' });
  });

  it('takes uploaded media, and the phone opens it', async () => {
    const file = randomBytes(300_000);
    const sent = await client.socket.sendMessage(`${ANNA}@s.whatsapp.net`, {
      document: file,
      mimetype: 'application/pdf',
      fileName: 'plan.pdf',
      caption: 'the plan',
    });
    const { id } = await client.untilAcked(sent?.key.id ?? '');
    expect((await messagesOf(simulator.current, ANNA)).at(-1)).toMatchObject({
      id,
      type: 'document',
      text: 'the plan',
      caption: 'the plan',
      media: {
        mimetype: 'application/pdf',
        size: file.length,
        fileName: 'plan.pdf',
        sha256: createHash('sha256').update(file).digest('hex'),
      },
    });
    const url = `${simulator.current.controlUrl}/phones/${ANNA}/messages/${id}/media`;
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
  });

  it('lets a phone send media, and the device opens it', async () => {
    const file = randomBytes(70_000);
    const media = {
      type: 'image',
      mimetype: 'image/jpeg',
      base64: file.toString('base64'),
      caption: 'look',
    };
    const id = await sendFromPhone(simulator.current, ANNA, { to: BOT, media });
    const received = await eventually(() => client.received.find(({ key }) => key.id === id));
    const image = received.message?.imageMessage;
    if (!image) throw new Error('The message has no image.');
    expect(image).toMatchObject({ caption: 'look', mimetype: 'image/jpeg' });
    expect(image.url).toBe(`https://${simulator.current.mediaHost}${image.directPath}`);
    const ciphertext = await download(image.url ?? '', simulator);
    const secret = { kind: 'image', mediaKey: image.mediaKey ?? Buffer.alloc(0) } as const;
    const opened = await buffer(decryptMedia(Readable.from([ciphertext]), secret));
    expect(opened.equals(file)).toBe(true);
  });
});

/** fetch() cannot be given an authority inside one process, so this is node:https. */
async function download(url: string, simulator: TemporarySimulator): Promise<Buffer> {
  const ca = await readFile(simulator.current.caCertificatePath);
  return new Promise((resolve, reject) => {
    request(url, { ca }, (response) => buffer(response).then(resolve, reject))
      .on('error', reject)
      .end();
  });
}
