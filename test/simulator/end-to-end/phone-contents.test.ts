import { createHash, randomBytes } from 'node:crypto';
import { type BinaryNode, decryptPollVote, type proto } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { ask, call, phoneOf, sendFromPhone, shownMessage, statsOf } from './control-client.ts';
import { eventually } from './eventually.ts';
import { type Client, pair } from './paired-client.ts';
import { TemporarySimulator } from './temporary-simulator.ts';

const BOT = '15550013001';
const PHONE = '15550013002';
const OTHER = '15550013003';
const BOT_JID = `${BOT}@s.whatsapp.net`;
const PHONE_JID = `${PHONE}@s.whatsapp.net`;
const VCARD = 'BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nEND:VCARD';

silenceLibsignal();

/** With it a phone shows the buttons of a message. */
function aBizNode(): BinaryNode {
  const nativeFlow = { tag: 'native_flow', attrs: { v: '9', name: 'mixed' } };
  const attrs = { type: 'native_flow', v: '1' };
  return {
    tag: 'biz',
    attrs: {},
    content: [
      { tag: 'interactive', attrs, content: [nativeFlow] },
      { tag: 'quality_control', attrs: { source_type: 'third_party' } },
    ],
  };
}

describe('what a linked device gets of a phone', () => {
  let simulator: TemporarySimulator;
  let client: Client;
  beforeAll(async () => {
    simulator = await TemporarySimulator.start();
    client = await pair(simulator.current, BOT);
    for (const number of [PHONE, OTHER]) {
      await call(simulator.current, 'POST', '/phones', { number });
    }
  });
  afterAll(async () => {
    await client.close();
    expect((await statsOf(simulator.current)).violationSamples).toEqual([]);
    await simulator.remove();
  });
  const send = (content: object, to = BOT) =>
    sendFromPhone(simulator.current, PHONE, { to, ...content });
  const receive = async (content: object, to = BOT) => {
    const { message } = await client.untilReceived(await send(content, to));
    if (!message) throw new Error('The message is empty.');
    return message;
  };
  const shown = (id: string) => shownMessage(simulator.current, PHONE, id);
  const refusal = async (content: object) => {
    const body = { to: BOT, ...content };
    const answer = await ask<{ error: { code: string } }>(
      simulator.current,
      'POST',
      `/phones/${PHONE}/messages`,
      body,
    );
    return [answer.status, answer.body.error.code];
  };

  it('gets texts with their quote and mentions', async () => {
    const quote = await client.send(PHONE_JID, { text: 'when?' });
    const message = await receive({ text: 'now, @you', quote, mentions: [BOT] });
    expect(message.extendedTextMessage).toMatchObject({
      text: 'now, @you',
      contextInfo: {
        stanzaId: quote,
        participant: BOT_JID,
        quotedMessage: { extendedTextMessage: { text: 'when?' } },
        mentionedJid: [BOT_JID],
      },
    });
  });

  it('gets places, people and polls', async () => {
    const place = { latitude: 1.5, longitude: -2, name: 'Pier' };
    expect((await receive({ location: place })).locationMessage).toMatchObject({
      degreesLatitude: 1.5,
      degreesLongitude: -2,
      name: 'Pier',
    });
    const contact = { displayName: 'Anna', vcard: VCARD };
    expect((await receive({ contact })).contactMessage).toMatchObject(contact);
    const { contactsArrayMessage } = await receive({ contacts: [contact, contact] });
    expect(contactsArrayMessage?.contacts).toMatchObject([contact, contact]);
    const poll = { name: 'When?', options: ['now', 'later'] };
    const { pollCreationMessageV3, messageContextInfo } = await receive({ poll });
    expect(pollCreationMessageV3).toMatchObject({
      name: 'When?',
      options: [{ optionName: 'now' }, { optionName: 'later' }],
      selectableOptionsCount: 1,
    });
    expect(messageContextInfo?.messageSecret).toHaveLength(32);
  });

  it('gets voice notes and silent films', async () => {
    const base64 = randomBytes(500).toString('base64');
    const voice = { type: 'audio', mimetype: 'audio/ogg', base64, ptt: true };
    expect((await receive({ media: voice })).audioMessage?.ptt).toBe(true);
    const film = { type: 'video', mimetype: 'video/mp4', base64, gif: true };
    expect((await receive({ media: film })).videoMessage?.gifPlayback).toBe(true);
  });

  it('gets a file that was streamed to the phone', async () => {
    const file = randomBytes(3_000_000);
    const query = new URLSearchParams({
      to: BOT,
      type: 'document',
      mimetype: 'application/pdf',
      fileName: 'plan.pdf',
      caption: 'the plan',
    });
    const path = `/phones/${PHONE}/messages/media?${query}`;
    const url = `${simulator.current.controlUrl}${path}`;
    const response = await fetch(url, { method: 'POST', body: file });
    const { id } = (await response.json()) as { id: string };
    const { message } = await client.untilReceived(id);
    const document = message?.documentMessage;
    expect(document).toMatchObject({ fileName: 'plan.pdf', caption: 'the plan' });
    expect(Buffer.from(document?.fileSha256 ?? []).toString('hex')).toBe(
      createHash('sha256').update(file).digest('hex'),
    );
    const opened = await fetch(
      `${simulator.current.controlUrl}/phones/${BOT}/messages/${id}/media`,
    );
    expect(opened.headers.get('content-length')).toBe(String(file.length));
    expect(Buffer.from(await opened.arrayBuffer()).equals(file)).toBe(true);
  });

  it('gets reactions, edits and revokes, for the right message', async () => {
    const reactions: { key: proto.IMessageKey; reaction: proto.IReaction }[] = [];
    client.socket.ev.on('messages.reaction', (events) => void reactions.push(...events));
    const asked = await client.send(PHONE_JID, { text: 'like it?' });
    await send({ reaction: { id: asked, text: '\u{1F44D}' } });
    await eventually(() => reactions.length === 1);
    expect(reactions).toMatchObject([
      { key: { id: asked, fromMe: true }, reaction: { text: '\u{1F44D}' } },
    ]);
    expect(await shown(asked)).toMatchObject({ reactions: [{ from: `${PHONE}@c.us` }] });

    const id = await send({ text: 'first' });
    await client.untilReceived(id);
    await send({ edit: { id, text: 'second' } });
    const edit = await eventually(() => client.updates.find(({ key }) => key.id === id));
    expect(edit.update.message?.editedMessage?.message?.conversation).toBe('second');
    expect(await shown(id)).toMatchObject({ text: 'second', edited: true });

    await send({ revoke: { id } });
    await eventually(() =>
      client.updates.some(({ key, update }) => key.id === id && update.message === null),
    );
    expect(await shown(id)).toMatchObject({ type: 'revoked', text: '' });
  });

  it('gets what a person chose', async () => {
    const list = {
      title: 'Open',
      sections: [{ rows: [{ id: 'tea', title: 'Tea' }] }],
    };
    const buttons = [
      { name: 'quick_reply', buttonParamsJson: '{"display_text":"Yes","id":"yes"}' },
      { name: 'single_select', buttonParamsJson: JSON.stringify(list) },
    ];
    const interactiveMessage = { body: { text: 'Sure?' }, nativeFlowMessage: { buttons } };
    const relay = (additionalNodes: BinaryNode[]) =>
      client.socket.relayMessage(PHONE_JID, { interactiveMessage }, { additionalNodes });
    const offer = await relay([aBizNode()]);
    await client.untilAcked(offer);
    for (const [selected, name] of [
      ['yes', 'quick_reply'],
      ['tea', 'single_select'],
    ]) {
      const reply = { id: offer, selected, title: 'Yes' };
      const { interactiveResponseMessage } = await receive({ interactiveReply: reply });
      expect(interactiveResponseMessage).toMatchObject({
        body: { text: 'Yes' },
        nativeFlowResponseMessage: { name, paramsJson: JSON.stringify({ id: selected }) },
        contextInfo: { stanzaId: offer, participant: BOT_JID },
      });
    }
    const reply = { id: offer, selected: 'yes', title: 'Yes' };
    expect((await receive({ buttonReply: reply })).buttonsResponseMessage).toMatchObject({
      selectedButtonId: 'yes',
      selectedDisplayText: 'Yes',
      contextInfo: { stanzaId: offer },
    });
    expect((await receive({ listReply: reply })).listResponseMessage).toMatchObject({
      title: 'Yes',
      singleSelectReply: { selectedRowId: 'yes' },
      contextInfo: { stanzaId: offer },
    });
    const hidden = await relay([]);
    await client.untilAcked(hidden);
    expect(await refusal({ interactiveReply: { ...reply, id: hidden } })).toEqual([
      422,
      'not_rendered',
    ]);
  });

  it.each(['pn', 'lid'] as const)('gets votes that it can open, addressed by %s', async (by) => {
    const jidOf = async (number: string) =>
      by === 'lid' ? (await phoneOf(simulator.current, number)).lid : `${number}@s.whatsapp.net`;
    const [phone, bot] = [await jidOf(PHONE), await jidOf(BOT)];
    const poll = { name: 'When?', values: ['now', 'later'], selectableCount: 1 };
    const pollId = await client.send(phone, { poll });
    const { pollUpdateMessage } = await receive(
      { pollVote: { id: pollId, options: ['later'] } },
      bot,
    );
    expect(pollUpdateMessage?.pollCreationMessageKey).toMatchObject({ id: pollId, fromMe: true });
    const vote = decryptPollVote(pollUpdateMessage?.vote ?? {}, {
      pollMsgId: pollId,
      pollCreatorJid: bot,
      voterJid: phone,
      pollEncKey: client.sent.get(pollId)?.messageContextInfo?.messageSecret ?? Buffer.alloc(0),
    });
    expect(vote.selectedOptions?.map((hash) => Buffer.from(hash).toString('hex'))).toEqual([
      createHash('sha256').update('later').digest('hex'),
    ]);
  });

  it('gets them in a group too, and knows whose message is meant', async () => {
    const { id: group } = await call<{ id: string }>(simulator.current, 'POST', '/groups', {
      subject: 'Plans',
      participants: [PHONE, OTHER, BOT],
      addressingMode: 'pn',
    });
    const from = await sendFromPhone(simulator.current, OTHER, { to: group, text: 'hello' });
    const quoting = await receive({ text: 'hi', quote: from }, group);
    expect(quoting.extendedTextMessage?.contextInfo).toMatchObject({
      stanzaId: from,
      participant: `${OTHER}@s.whatsapp.net`,
    });
    const reacting = await receive({ reaction: { id: from, text: '!' } }, group);
    expect(reacting.reactionMessage?.key).toMatchObject({
      id: from,
      remoteJid: group,
      participant: `${OTHER}@s.whatsapp.net`,
    });
  });

  it('refuses what a phone could not do', async () => {
    const id = await client.send(PHONE_JID, { text: 'not yours' });
    expect(await refusal({ edit: { id, text: 'x' } })).toEqual([403, 'not_the_author']);
    expect(await refusal({ revoke: { id } })).toEqual([403, 'not_the_author']);
    expect(await refusal({ pollVote: { id, options: [] } })).toEqual([422, 'no_such_choice']);
    expect(await refusal({ text: 'x', quote: 'NOBODY' })).toEqual([404, 'message_not_found']);
    expect(await refusal({ text: 'x', revoke: { id } })).toEqual([400, 'invalid_request']);
    expect(await refusal({})).toEqual([400, 'invalid_request']);
    expect(await refusal({ revoke: { id }, quote: id })).toEqual([400, 'invalid_request']);
    expect(await refusal({ text: 'x', mentions: ['15559990000'] })).toEqual([
      404,
      'phone_not_found',
    ]);
  });
});
