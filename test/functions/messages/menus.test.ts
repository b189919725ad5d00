import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { aLinkedInstance, anAccount, call, faultPaths } from '../callers.ts';
import { CHAT, messageId, type Sender, send, waiting } from './message-calls.ts';

const ROW = { title: 'Title Option 1', description: 'Option Description', rowId: 'one' };
const LIST = {
  buttonText: 'Button Text',
  text: 'Middle Text',
  title: 'Head Title',
  description: 'Footer Description',
  sections: [{ title: 'title', rows: [ROW, { title: 'Two' }] }],
  listType: 0,
};
const BUTTONS = {
  text: 'title Head',
  buttons: [
    { type: 'replyButton', title: 'Reply this' },
    { type: 'urlButton', title: 'Click me', payload: 'https://example.com/' },
    { type: 'callButton', title: 'Click to call', payload: '918788889688' },
    { type: 'replyButton', title: 'Reply that', payload: 'that' },
  ],
  footerText: 'title footer',
};
const MEDIA = {
  ...BUTTONS,
  image: 'https://files.example.com/a.jpg',
  mediaType: 'image',
  mimeType: 'image/jpeg',
};
const REPRESENTATION = { prefer: 'return=representation' };

let api: ApiUnderTest;
let sender: Sender;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  sender = { api, instance: await aLinkedInstance(api, await anAccount(api)) };
});

/** The one content in the outbox. */
async function content(): Promise<unknown> {
  const messages = await waiting(sender);
  expect(messages).toHaveLength(1);
  return messages[0]?.content;
}

describe('a list', () => {
  it('goes out as numbered text that names its options', async () => {
    const answer = await send(sender, 'list', { chatId: CHAT, msgdata: LIST });

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await content()).toEqual({
      kind: 'text',
      text: [
        '*Head Title*\nMiddle Text',
        'Button Text:',
        '*title*\n1. Title Option 1: Option Description\n2. Two',
        '_Footer Description_',
      ].join('\n\n'),
      choices: [
        { id: 'one', title: 'Title Option 1' },
        { id: 'Two', title: 'Two' },
      ],
    });
  });
});

describe('buttons', () => {
  it('go out as numbered replies, links and numbers to call', async () => {
    const answer = await send(sender, 'button', { chatId: CHAT, btndata: BUTTONS });

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await content()).toEqual({
      kind: 'text',
      text: 'title Head\n\n1. Reply this\nClick me: https://example.com/\nClick to call: +918788889688\n2. Reply that\n\n_title footer_',
      choices: [
        { id: 'Reply this', title: 'Reply this' },
        { id: 'that', title: 'Reply that' },
      ],
    });
  });

  it('with media are its caption', async () => {
    const answer = await send(sender, 'MediaButton', { chatId: CHAT, btndata: MEDIA });

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await content()).toMatchObject({
      kind: 'image',
      source: { kind: 'url', url: MEDIA.image },
      mimetype: 'image/jpeg',
      caption: expect.stringContaining('1. Reply this\n'),
      choices: [{ id: 'Reply this' }, { id: 'that' }],
    });
  });

  it.each([
    [{ text: '' }, 'btndata.text'],
    [{ buttons: [] }, 'btndata.buttons'],
    [{ buttons: [{ type: 'button', title: 'x' }] }, 'btndata.buttons.0.type'],
    [{ buttons: [{ type: 'urlButton', title: 'x', payload: 'x' }] }, 'btndata.buttons.0.payload'],
    [{ buttons: [{ type: 'callButton', title: 'x' }] }, 'btndata.buttons.0.payload'],
    [{ image: 'https://localhost/a.jpg' }, 'btndata.image'],
    [{ mediaType: 'audio' }, 'btndata.mediaType'],
    [{ text: 'x'.repeat(65_536) }, 'btndata'],
  ])('with %j are refused by name', async (fields, path) => {
    const btndata = { ...MEDIA, ...fields };
    const answer = await send(sender, 'MediaButton', { chatId: CHAT, btndata });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await waiting(sender)).toEqual([]);
  });
});

it.each([
  [{ sections: [] }, 'msgdata.sections'],
  [{ sections: [{ title: 'x', rows: [] }] }, 'msgdata.sections.0.rows'],
  [{ sections: [{ rows: [{ title: '' }] }] }, 'msgdata.sections.0.rows.0.title'],
  [{ sections: [{ rows: new Array(101).fill(ROW) }] }, 'msgdata.sections'],
])('a list with %j is refused by name', async (fields, path) => {
  const answer = await send(sender, 'list', { chatId: CHAT, msgdata: { ...LIST, ...fields } });

  expect(answer.status).toBe(400);
  expect(faultPaths(answer)).toEqual([path]);
  expect(await waiting(sender)).toEqual([]);
});

describe('how a menu goes out', () => {
  const KINDS: [string, object][] = [
    ['list', { msgdata: LIST }],
    ['button', { btndata: BUTTONS }],
    ['MediaButton', { btndata: MEDIA }],
  ];

  it.each(KINDS)('is told of a %s: as text', async (kind, fields) => {
    const answer = await send(sender, kind, { chatId: CHAT, ...fields }, REPRESENTATION);

    expect(answer.json).toMatchObject({ data: { rendered_as: 'text' } });
    const shown = await call(
      api,
      `GET /whatsapp/message/${messageId(answer)}${sender.instance.query}`,
    );
    expect(shown.json).toMatchObject({ data: { rendered_as: 'text' } });
  });

  it.each(KINDS)(
    "is told of a %s: as WhatsApp's own, when that was asked for",
    async (kind, fields) => {
      const json = { chatId: CHAT, ...fields, native: true };
      const answer = await send(sender, kind, json, REPRESENTATION);

      expect(answer.json).toMatchObject({
        data: {
          rendered_as: 'native',
          message: {
            interactiveMessage: {
              header: { hasMediaAttachment: kind === 'MediaButton' },
              nativeFlowMessage: { messageVersion: 1 },
            },
          },
        },
      });
    },
  );
});
