import { randomBytes } from 'node:crypto';
import type { AnyMessageContent, proto } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { call, sendFromPhone, shownMessage, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, mediaAgent, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550012001';
const PHONE = '15550012002';
const PHONE_JID = `${PHONE}@s.whatsapp.net`;
const VCARD = 'BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nEND:VCARD';

silenceLibsignal();

describe('what a phone shows of a linked device', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
    const fetchAgent = await mediaAgent(simulator.current);
    client = await pair(simulator.current, BOT, { fetchAgent });
    await call(simulator.current, 'POST', '/phones', { number: PHONE });
  });
  afterAll(async () => {
    await client.close();
    expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
    await simulator.remove();
  });
  const shown = (id: string, number = PHONE) => shownMessage(simulator.current, number, id);
  const keyOf = (id: string) => ({ id, remoteJid: PHONE_JID, fromMe: true });

  it.each<[string, AnyMessageContent, object]>([
    [
      'a place',
      { location: { degreesLatitude: 1.5, degreesLongitude: -2, name: 'Pier', address: 'Quay 1' } },
      {
        type: 'location',
        text: '1.5,-2',
        location: { latitude: 1.5, longitude: -2, name: 'Pier', address: 'Quay 1' },
      },
    ],
    [
      'a person',
      { contacts: { contacts: [{ displayName: 'Anna', vcard: VCARD }] } },
      { type: 'contact', text: 'Anna', contact: { displayName: 'Anna', vcard: VCARD } },
    ],
    [
      'people',
      {
        contacts: {
          displayName: '2 people',
          contacts: [
            { displayName: 'Anna', vcard: VCARD },
            { displayName: 'Ben', vcard: VCARD },
          ],
        },
      },
      {
        type: 'contacts',
        text: '2 people',
        contacts: [
          { displayName: 'Anna', vcard: VCARD },
          { displayName: 'Ben', vcard: VCARD },
        ],
      },
    ],
    [
      'a poll',
      { poll: { name: 'When?', values: ['now', 'later'], selectableCount: 1 } },
      { type: 'poll', poll: { name: 'When?', options: ['now', 'later'], selectable: 1 } },
    ],
    [
      'a mention',
      { text: 'hello @you', mentions: [PHONE_JID] },
      { type: 'text', text: 'hello @you', mentions: [`${PHONE}@c.us`] },
    ],
    [
      'a picture',
      {
        image: randomBytes(2_000),
        mimetype: 'image/png',
        caption: 'look',
        width: 640,
        height: 480,
        jpegThumbnail: randomBytes(20).toString('base64'),
      },
      {
        type: 'image',
        caption: 'look',
        media: { size: 2_000, mimetype: 'image/png', width: 640, height: 480, thumbnail: true },
      },
    ],
    [
      'a silent film',
      { video: randomBytes(3_000), gifPlayback: true, jpegThumbnail: '', seconds: 4 },
      { type: 'video', media: { size: 3_000, gif: true, seconds: 4 } },
    ],
    [
      'a round film',
      { video: randomBytes(3_000), ptv: true, jpegThumbnail: '' },
      { type: 'ptv', media: { size: 3_000 } },
    ],
    [
      'a voice note',
      { audio: randomBytes(1_000), ptt: true, seconds: 3, mimetype: 'audio/ogg; codecs=opus' },
      { type: 'ptt', media: { size: 1_000, ptt: true, seconds: 3 } },
    ],
    ['a sticker', { sticker: randomBytes(500) }, { type: 'sticker', media: { size: 500 } }],
  ])('shows %s, on both phones', async (_name, content, view) => {
    const id = await client.send(PHONE_JID, content);
    expect(await shown(id)).toMatchObject({ fromMe: false, copies: 1, ...view });
    expect(await shown(id, BOT)).toMatchObject({ fromMe: true, copies: 1, ...view });
  });

  it('shows what a text quotes, and that a message was forwarded', async () => {
    const asked = await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'when?' });
    const question = await client.untilReceived(asked);
    const id = await client.send(PHONE_JID, { text: 'now' }, { quoted: question });
    expect(await shown(id)).toMatchObject({ text: 'now', quotedId: asked, quotedText: 'when?' });
    const passedOn = await client.send(PHONE_JID, { forward: question, force: true });
    expect(await shown(passedOn)).toMatchObject({ text: 'when?', forwarded: true });
  });

  it('shows reactions on their message, and takes them back', async () => {
    const asked = await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'like it?' });
    const { key } = await client.untilReceived(asked);
    const id = await client.send(PHONE_JID, { react: { text: '\u{1F44D}', key } });
    expect(await shown(id)).toMatchObject({ type: 'reaction', quotedId: asked });
    expect(await shown(asked)).toMatchObject({
      reactions: [{ from: `${BOT}@c.us`, text: '\u{1F44D}' }],
    });
    await client.send(PHONE_JID, { react: { text: '', key } });
    expect(await shown(asked)).not.toHaveProperty('reactions');
  });

  it('shows an edited message with its new text', async () => {
    const id = await client.send(PHONE_JID, { text: 'first' });
    const edit = await client.send(PHONE_JID, { text: 'second', edit: keyOf(id) });
    expect(await shown(id)).toMatchObject({ type: 'text', text: 'second', edited: true });
    expect(await shown(edit)).toMatchObject({ type: 'edit', text: 'second', quotedId: id });
  });

  it('shows nothing of a revoked message, and has lost its media', async () => {
    const content = { document: randomBytes(100), mimetype: 'application/pdf' };
    const id = await client.send(PHONE_JID, content);
    const revoke = await client.send(PHONE_JID, { delete: keyOf(id) });
    expect(await shown(id)).toMatchObject({ type: 'revoked', text: '' });
    expect(await shown(id)).not.toHaveProperty('media');
    expect(await shown(revoke)).toMatchObject({ type: 'revoke', quotedId: id });
    const url = `${simulator.current.controlUrl}/phones/${PHONE}/messages/${id}/media`;
    expect((await fetch(url)).status).toBe(404);
  });

  it('does not let a device edit or revoke what others wrote', async () => {
    const id = await sendFromPhone(simulator.current, PHONE, { to: BOT, text: 'mine' });
    const { key } = await client.untilReceived(id);
    await client.send(PHONE_JID, { text: 'forged', edit: { ...key, fromMe: true } });
    await client.send(PHONE_JID, { delete: { ...key, fromMe: true } });
    const view = await shown(id);
    expect(view).toMatchObject({ type: 'text', text: 'mine' });
    expect(view).not.toHaveProperty('edited');
  });

  describe('buttons', () => {
    const interactiveMessage: proto.Message.IInteractiveMessage = {
      header: { title: 'Order' },
      body: { text: 'Sure?' },
      footer: { text: 'no hurry' },
      nativeFlowMessage: {
        buttons: [
          { name: 'quick_reply', buttonParamsJson: '{"display_text":"Yes","id":"yes"}' },
          { name: 'quick_reply', buttonParamsJson: '{"display_text":"No","id":"no"}' },
        ],
      },
    };
    const nativeFlow = { tag: 'native_flow', attrs: { v: '9', name: 'mixed' } };
    const interactive = { tag: 'interactive', attrs: { type: 'native_flow', v: '1' } };
    const quality = { tag: 'quality_control', attrs: { source_type: 'third_party' } };
    const whole = [{ ...interactive, content: [nativeFlow] }, quality];
    const relay = async (biz?: { tag: string; attrs: Record<string, string> }[]) => {
      const additionalNodes = biz ? [{ tag: 'biz', attrs: {}, content: biz }] : [];
      const id = await client.socket.relayMessage(
        PHONE_JID,
        { interactiveMessage },
        { additionalNodes },
      );
      return client.untilAcked(id);
    };

    it('are shown when the stanza announces them', async () => {
      const { id, error } = await relay(whole);
      expect(error).toBeUndefined();
      for (const number of [PHONE, BOT]) {
        expect(await shown(id, number)).toMatchObject({
          type: 'interactive',
          title: 'Order',
          text: 'Sure?',
          footer: 'no hurry',
          options: [
            { id: 'yes', title: 'Yes' },
            { id: 'no', title: 'No' },
          ],
        });
      }
    });

    it('are delivered but not shown when the stanza says nothing of them', async () => {
      const { id, error } = await relay();
      expect(error).toBeUndefined();
      expect(await shown(id)).toMatchObject({ type: 'unrendered', text: '', copies: 1 });
    });

    it.each([
      ['the legacy kind', '405', [{ tag: 'buttons', attrs: {} }]],
      ['a bare interactive', '479', [interactive]],
      ['no quality control', '479', [{ ...interactive, content: [nativeFlow] }]],
    ])('are refused for %s with %s', async (_name, code, biz) => {
      const { id, error } = await relay(biz);
      expect(error).toBe(code);
      await expect(shown(id)).rejects.toThrow();
    });

    it('can be refused to order, while texts pass', async () => {
      const fault = { number: BOT, kind: 'nack', code: 479, only: 'native_flow' };
      await call(simulator.current, 'POST', '/faults', fault);
      const text = await client.send(PHONE_JID, { text: 'passes' });
      expect(await shown(text)).toMatchObject({ text: 'passes' });
      expect((await relay(whole)).error).toBe('479');
      expect((await relay(whole)).error).toBeUndefined();
    });
  });

  it('has uploads fail to order', async () => {
    const fault = { kind: 'media', status: 507, direction: 'upload' };
    await call(simulator.current, 'POST', '/faults', fault);
    const content = { document: randomBytes(100), mimetype: 'application/pdf' };
    await expect(client.socket.sendMessage(PHONE_JID, content)).rejects.toThrow();
    const id = await client.send(PHONE_JID, content);
    await eventually(async () => (await shown(id)).type === 'document');
  });
});
