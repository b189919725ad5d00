import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '#runner/session/outgoing-message.ts';
import type { KeptMessage } from '#runner/whatsapp/compose-message.ts';
import type { MessageContent } from '#shared/domain/message-content.ts';
import { renderButtons } from '#shared/domain/render-menu.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import {
  call,
  messagesOf,
  phoneOf,
  sendFromPhone,
  shownMessage,
} from '../../simulator/end-to-end/control-client.ts';
import { until } from '../../until.ts';
import { AN_UPLOAD, aPicture } from '../records.ts';
import { OTHER_PHONE, OWN_PHONE, onSimulatedNetwork } from './linked-socket.ts';

silenceLibsignal();

const AT = new Date('2026-11-22T12:00:00Z');
const TO_OTHER = { kind: 'phone', phone: OTHER_PHONE } as const;
const CHAT = `${OTHER_PHONE}@c.us`;

/** A linked instance, and the phone that it writes to. */
async function linked() {
  const network = await onSimulatedNetwork();
  const { simulator, kept } = network;
  const { socket, heard, auth } = await network.link();
  let count = 0;
  /** Sends a content as the next message, and keeps it as the table would. */
  async function send(
    content: MessageContent,
    changes: Partial<OutgoingMessage> = {},
  ): Promise<string> {
    count += 1;
    const waId = `3EB0${String(count).padStart(18, '0')}`;
    const message = { waId, to: TO_OTHER, content, at: AT, ...changes };
    kept.set(waId, { kind: 'own', message });
    await socket.send(message);
    return waId;
  }
  const shown = async (waId: string) => {
    const isShown = async () =>
      (await messagesOf(simulator, OTHER_PHONE)).some(({ id }) => id === waId);
    await until(`${waId} is shown`, isShown);
    return await shownMessage(simulator, OTHER_PHONE, waId);
  };
  return { ...network, socket, heard, auth, send, shown };
}

const target = (waId: string, fromMe = true) => ({ waId, chatId: CHAT, fromMe });

describe('BaileysSocket, sending', () => {
  it('sends nothing to a number that is not on WhatsApp, and says so', async () => {
    const { simulator, send, heard } = await linked();
    const stranger = { kind: 'phone', phone: '15550009999' } as const;
    const refused = send({ kind: 'text', text: 'hello' }, { to: stranger });
    await expect(refused).rejects.toMatchObject({ name: 'SendRefused', code: 'not_on_whatsapp' });
    const { messages } = await call<{ messages: object }>(simulator, 'GET', '/stats');
    expect(messages).toMatchObject({ accepted: 0, nacked: 0 });
    expect(heard.acks).toEqual([]);
  });

  it('sends nothing to a group that it is not in, or that is not there, and says so', async () => {
    const { simulator, send, heard } = await linked();
    await call(simulator, 'POST', '/phones', { number: '15550000009', name: 'Eve' });
    const participants = [OTHER_PHONE, '15550000009'];
    const { id } = await call<{ id: string }>(simulator, 'POST', '/groups', {
      subject: 'Theirs',
      participants,
    });
    for (const group of [id.replace('@g.us', ''), '120363000000000000']) {
      const refused = send({ kind: 'text', text: 'hello' }, { to: { kind: 'group', group } });
      await expect(refused).rejects.toMatchObject({ name: 'SendRefused', code: 'not_in_group' });
    }
    const { messages } = await call<{ messages: object }>(simulator, 'GET', '/stats');
    expect(messages).toMatchObject({ accepted: 0, nacked: 0 });
    expect(heard.acks).toEqual([]);
  });

  it('has the phone show what each kind of message says', async () => {
    const { send, shown } = await linked();
    const mentions = [`${OTHER_PHONE}@c.us`];
    const text = await send({ kind: 'text', text: 'hello', mentions });
    const answer = await send({ kind: 'text', text: 'and', quoted: target(text) });
    const place = await send({ kind: 'location', latitude: 6.5, longitude: 3.25, name: 'Lagos' });
    const vcard = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD';
    const card = await send({ kind: 'contact', displayName: 'Ada', vcard });
    const secret = Buffer.alloc(32, 5).toString('base64');
    const poll = { name: 'Tea?', options: ['yes', 'no'], selectable: 1 };
    const asked = await send({ kind: 'poll', ...poll, secret });
    const picture = await send(aPicture(), { upload: { ...AN_UPLOAD, fileLength: 1_234 } });

    expect(await shown(text)).toMatchObject({ type: 'text', text: 'hello', mentions });
    expect(await shown(answer)).toMatchObject({ quotedId: text, quotedText: 'hello' });
    expect(await shown(place)).toMatchObject({
      type: 'location',
      location: { latitude: 6.5, longitude: 3.25, name: 'Lagos' },
    });
    expect(await shown(card)).toMatchObject({
      type: 'contact',
      contact: { displayName: 'Ada', vcard },
    });
    expect(await shown(asked)).toMatchObject({ type: 'poll', poll });
    expect(await shown(picture)).toMatchObject({
      type: 'image',
      caption: 'sea',
      media: { mimetype: 'image/jpeg', size: 1_234, width: 640, height: 480 },
    });
  });

  it('changes what the phone shows of an earlier message', async () => {
    const { simulator, send, shown, heard, kept } = await linked();
    const text = await send({ kind: 'text', text: 'good' });
    await shown(text);
    await send({ kind: 'edit', target: target(text), text: 'better' });
    await until('it is edited', async () => (await shown(text)).edited === true);
    expect(await shown(text)).toMatchObject({ text: 'better' });

    const theirs = await sendFromPhone(simulator, OTHER_PHONE, { to: OWN_PHONE, text: 'news' });
    await until('it came', () => heard.messages.length > 0);
    kept.set(theirs, toKept(heard.messages[0]?.message));
    await send({ kind: 'reaction', target: target(theirs, false), emoji: '👍' });
    const forward = await send({ kind: 'forward', target: target(theirs, false) });
    expect(await shown(forward)).toMatchObject({ text: 'news', forwarded: true });
    expect((await shown(theirs)).reactions).toMatchObject([{ text: '👍' }]);

    await send({ kind: 'delete', target: target(text) });
    await until('it is gone', async () => (await shown(text)).type === 'revoked');
  });

  it('has the phone show buttons of WhatsApp’s own, and hears which was chosen', async () => {
    const { simulator, send, shown, heard } = await linked();
    const { native, choices, text } = renderButtons({
      text: 'Tea?',
      buttons: [{ kind: 'reply', id: 'yes', title: 'Yes, please' }],
    });
    const buttons = await send({ kind: 'text', text, native, choices });
    expect(await shown(buttons)).toMatchObject({
      type: 'interactive',
      text: 'Tea?',
      options: [{ id: 'yes', title: 'Yes, please' }],
    });
    const interactiveReply = { id: buttons, selected: 'yes', title: 'Yes, please' };
    await sendFromPhone(simulator, OTHER_PHONE, { to: OWN_PHONE, interactiveReply });
    await until('it came', () => heard.messages.length > 0);
    expect(heard.messages[0]?.message.content).toMatchObject({
      kind: 'buttons_response',
      text: 'Yes, please',
      selectedId: 'yes',
      quoted: { waId: buttons },
    });
  });
});

describe('BaileysSocket, asked for something at once', () => {
  it('says whether a number is on WhatsApp, and by which addresses', async () => {
    const { socket, simulator } = await linked();
    const { lid } = await phoneOf(simulator, OTHER_PHONE);
    expect(await socket.checkNumber(OTHER_PHONE)).toEqual({
      exists: true,
      jid: `${OTHER_PHONE}@s.whatsapp.net`,
      lid: expect.stringContaining(lid.split('@')[0] ?? '-'),
    });
    expect(await socket.checkNumber('15550009999')).toEqual({ exists: false });
  });

  it('lets the phone see that it writes, and that it has read', async () => {
    const { socket, simulator, heard } = await linked();
    const id = await sendFromPhone(simulator, OTHER_PHONE, { to: OWN_PHONE, text: 'there?' });
    await until('it came', () => heard.messages.length > 0);
    await socket.showPresence(TO_OTHER, 'composing');
    const presences = () =>
      call<{ state: string }[]>(simulator, 'GET', `/phones/${OTHER_PHONE}/presences`);
    await until('it is seen', async () =>
      (await presences()).some(({ state }) => state === 'composing'),
    );
    const { waId, remoteJid } = heard.messages[0]?.message ?? { waId: '', remoteJid: '' };
    await socket.markRead([{ waId, remoteJid }]);
    const stateOf = async () => (await shownMessage(simulator, OTHER_PHONE, id)).state;
    await until('it is read', async () => (await stateOf()) === 'read');
  });

  it('shows a message that came by LID under the number', async () => {
    const { simulator, heard } = await linked();
    const { lid } = await phoneOf(simulator, OWN_PHONE);
    const to = lid.includes('@') ? lid : `${lid}@lid`;
    await sendFromPhone(simulator, OTHER_PHONE, { to, text: 'by LID' });
    await until('it came', () => heard.messages.length > 0);
    expect(heard.messages[0]?.message).toMatchObject({
      chat: { kind: 'phone', phone: OTHER_PHONE },
      sender: { phone: OTHER_PHONE },
      remoteJid: expect.stringMatching(/@lid$/),
    });
  });
});

type Inbound = Awaited<ReturnType<typeof linked>>['heard']['messages'][number]['message'];

/** As the recorder keeps it. */
function toKept(message: Inbound | undefined): KeptMessage {
  if (message === undefined) throw new Error('Nothing came.');
  const { waId, fromMe, remoteJid, wire, at } = message;
  const record = { waId, fromMe, remoteJid, wire, at: at.toISOString(), chatId: CHAT };
  return { kind: 'received', message: { ...record, instanceId: '1'.repeat(24) } };
}
