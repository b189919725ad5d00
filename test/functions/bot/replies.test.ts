import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { anAttachment } from '../attachments/attachment-calls.ts';
import {
  type Account,
  anAccount,
  anInstance,
  call,
  dataOf,
  errorOf,
  faultPaths,
  type OwnedInstance,
} from '../callers.ts';
import { aKeyword, ask, View } from './keyword-calls.ts';

const CARD = { fullName: 'john doe', displayName: 'johndoe', phoneNumber: '919999999999' };
const LIST = {
  title: 'Menu',
  text: 'Choose',
  description: 'foot',
  buttonText: 'Open',
  sections: [{ title: 'Drinks', rows: [{ title: 'Tea', description: 'hot', rowId: 'tea-1' }] }],
};

let api: ApiUnderTest;
let account: Account;
let by: { api: ApiUnderTest; instance: OwnedInstance };
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
  by = { api, instance: await anInstance(api, account) };
});
afterAll(async () => {
  await api.close();
});

async function refused(reply: unknown) {
  const answer = await ask(by, 'POST ', { keyword: 'price', reply });
  return { status: answer.status, code: errorOf(answer).code, paths: faultPaths(answer) };
}

describe('the reply of a rule', () => {
  it.each([
    ['a text', { type: 'text', message: 'Hi' }, { type: 'text', message: 'Hi' }],
    ['a text by its other name', { type: 'text', text: 'Hi' }, { type: 'text', message: 'Hi' }],
    [
      'the file behind a URL',
      { type: 'media', media_type: 'doc', url: 'https://example.com/a b.pdf', filename: 'a.pdf' },
      {
        type: 'media',
        media_type: 'document',
        url: 'https://example.com/a%20b.pdf',
        attachmentId: null,
        caption: null,
        filename: 'a.pdf',
        mimetype: null,
      },
    ],
    [
      'a list',
      { type: 'list', msgdata: { ...LIST, listType: 0 } },
      { type: 'list', msgdata: LIST },
    ],
    [
      'a card',
      { type: 'contact', vcard: CARD },
      { type: 'contact', vcard: { ...CARD, organization: null } },
    ],
  ])('is %s', async (_what, reply, shown) => {
    const rule = await aKeyword(by, { reply });

    expect(rule.reply).toEqual(shown);
    const again = dataOf(await ask(by, `PUT /${rule._id}`, rule), View);
    expect(again).toEqual({ ...rule, updatedAt: again.updatedAt });
  });

  it('is an attachment of the account, by its own name and type', async () => {
    const { _id } = await anAttachment(api, account, 'a text');
    const reply = { type: 'media', media_type: 'document', attachmentId: _id, caption: 'Yours' };
    const rule = await aKeyword(by, { reply });

    expect(rule.reply).toMatchObject({ attachmentId: _id, url: null, caption: 'Yours' });
    expect(rule.reply['filename']).toMatch(/./);
    const again = dataOf(await ask(by, `PUT /${rule._id}`, rule), View);
    expect(again.reply).toEqual(rule.reply);
  });

  it('is a copy of a contact, which does not change with it', async () => {
    const { headers } = account;
    const contact = await call(api, 'POST /whatsapp/contacts', { headers, json: CARD });
    const contactId = /"_id":"(\w+)"/.exec(contact.text)?.[1];
    const rule = await aKeyword(by, { reply: { type: 'contact', contactId } });
    await call(api, `DELETE /whatsapp/contacts/${contactId}`, { headers });

    expect(dataOf(await ask(by, `GET /${rule._id}`), View).reply).toEqual({
      type: 'contact',
      vcard: { ...CARD, organization: null },
    });
  });
});

describe('a reply that cannot be', () => {
  it.each([
    [undefined, ['reply']],
    ['Hi', ['reply']],
    [{ message: 'Hi' }, ['reply.type']],
    [{ type: 'poem' }, ['reply.type']],
    [{ type: 'text' }, ['reply.message']],
    [{ type: 'text', message: 'Hi', text: 'Hi' }, ['reply.message']],
    [{ type: 'text', message: '  ' }, ['reply.message']],
    [{ type: 'text', message: 'x'.repeat(8_193) }, ['reply.message']],
    [{ type: 'media', media_type: 'image' }, ['reply.attachmentId']],
    [{ type: 'media', url: 'https://example.com/a.jpg' }, ['reply.media_type']],
    [{ type: 'media', media_type: 'image', url: 'ftp://example.com/a' }, ['reply.url']],
    [{ type: 'media', media_type: 'image', url: 'http://127.0.0.1/a' }, ['reply.url']],
    [
      { type: 'media', media_type: 'image', url: 'https://example.com/a', mimetype: 'x' },
      ['reply.mimetype'],
    ],
    [
      { type: 'media', media_type: 'image', url: 'https://example.com/a', attachmentId: 'a' },
      ['reply.attachmentId'],
    ],
    [{ type: 'list', msgdata: { text: 'x', sections: [] } }, ['reply.msgdata.sections']],
    [{ type: 'list', msgdata: { ...LIST, text: 'x'.repeat(8_192) } }, ['reply.msgdata']],
    [{ type: 'contact' }, ['reply.vcard']],
    [{ type: 'contact', vcard: { fullName: 'x', phoneNumber: '1' } }, ['reply.vcard.phoneNumber']],
  ])('%j is refused with the path of each fault', async (reply, paths) => {
    expect(await refused(reply)).toEqual({ status: 400, code: 'validation_failed', paths });
  });

  it("names nothing of another account's, and nothing that is not there", async () => {
    const stranger = await anAccount(api);
    const { _id } = await anAttachment(api, stranger, 'private');
    for (const attachmentId of [_id, '64a00ec7c5e487d95dcb0d5e', 'x']) {
      const reply = { type: 'media', media_type: 'image', attachmentId };
      const paths = ['reply.attachmentId'];
      expect(await refused(reply)).toEqual({ status: 404, code: 'not_found', paths });
    }
    const { headers } = stranger;
    const contact = await call(api, 'POST /whatsapp/contacts', { headers, json: CARD });
    for (const contactId of [/"_id":"(\w+)"/.exec(contact.text)?.[1], 'x']) {
      const paths = ['reply.contactId'];
      const reply = { type: 'contact', contactId };
      expect(await refused(reply)).toEqual({ status: 404, code: 'not_found', paths });
    }
  });
});
