import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CONTACT_TEXT_LENGTH_MAX } from '#shared/domain/contact.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  anAccount,
  anApiKey,
  anInstance,
  bearer,
  call,
  dataOf,
  errorOf,
  faultPaths,
} from '../callers.ts';

/** The `vcard` of the customer's page. */
const JOHN = {
  fullName: 'john doe',
  displayName: 'johndoe',
  organization: 'Men In Black',
  phoneNumber: '919999999999',
};
const JANE = { fullName: 'Jane', phoneNumber: '15550000001' };
const UNKNOWN_ID = '64a00ec7c5e487d95dcb0d5e';

const View = z.strictObject({
  _id: z.string().regex(/^[0-9a-f]{24}$/),
  fullName: z.string(),
  displayName: z.string(),
  organization: z.string().nullable(),
  phoneNumber: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
type View = z.infer<typeof View>;
const Page = z.strictObject({ contacts: z.array(View), cursor: z.string().nullable() });

let api: ApiUnderTest;
let account: Account;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  account = await anAccount(api);
});

async function ask(route: string, json?: object): Promise<Answer> {
  const { headers } = account;
  return await call(api, route, json === undefined ? { headers } : { headers, json });
}

async function aContact(fields: object = JOHN): Promise<View> {
  return dataOf(await ask('POST /whatsapp/contacts', fields), View);
}

/** `count` contacts, a millisecond after one another; their ids, newest first. */
async function contactsInOrder(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) {
    ids.unshift((await aContact({ ...JANE, fullName: `Jane ${number}` }))._id);
    api.clock.now = new Date(api.clock.now.getTime() + 1);
  }
  return ids;
}

async function idsByPage(query: string): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await ask(`GET /whatsapp/contacts?${query}&cursor=${cursor}`);
    const page: z.infer<typeof Page> = dataOf(answer, Page);
    pages.push(page.contacts.map(({ _id }) => _id));
    cursor = page.cursor;
  }
  return pages;
}

describe('POST /whatsapp/contacts', () => {
  it("keeps the card of the customer's page", async () => {
    const answer = await ask('POST /whatsapp/contacts', JOHN);
    const at = api.clock.now.toISOString();

    expect(answer.status).toBe(201);
    const contact = dataOf(answer, View);
    expect(contact).toEqual({ _id: contact._id, ...JOHN, createdAt: at, updatedAt: at });
    expect(dataOf(await ask(`GET /whatsapp/contacts/${contact._id}`), View)).toEqual(contact);
  });

  it('needs a name and a number, and shows who has no other name by that', async () => {
    expect(await aContact(JANE)).toMatchObject({ displayName: 'Jane', organization: null });
    const blank = { ...JANE, displayName: ' ', organization: '' };
    expect(await aContact(blank)).toMatchObject({ displayName: 'Jane', organization: null });
    const nothing = { ...JANE, displayName: null, organization: null };
    expect(await aContact(nothing)).toMatchObject({ displayName: 'Jane', organization: null });
  });

  it.each(['+91 99999-99999 9', '(91) 9999.999999', 919_999_999_999])(
    'takes the number %j',
    async (phoneNumber) => {
      const digits = String(phoneNumber).replace(/\D/g, '');
      expect(await aContact({ ...JOHN, phoneNumber })).toMatchObject({ phoneNumber: digits });
    },
  );

  it('takes forms, and ignores unknown fields', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...JOHN, _id: UNKNOWN_ID, x: 'y' })) {
      form.set(name, value);
    }
    const url = `${api.url}/whatsapp/contacts`;
    const { authorization = '' } = account.headers;
    const response = await fetch(url, { method: 'POST', headers: { authorization }, body: form });

    expect(response.status).toBe(201);
    const { data } = z.object({ data: View }).parse(await response.json());
    expect(data).toMatchObject(JOHN);
    expect(data._id).not.toBe(UNKNOWN_ID);
  });

  it.each([
    [{}, ['fullName', 'phoneNumber']],
    [{ ...JOHN, fullName: ' ' }, ['fullName']],
    [{ ...JOHN, fullName: 7 }, ['fullName']],
    [{ ...JOHN, fullName: 'x'.repeat(CONTACT_TEXT_LENGTH_MAX + 1) }, ['fullName']],
    [{ ...JOHN, displayName: 'a\r\nTEL:+1' }, ['displayName']],
    [{ ...JOHN, organization: ['Men', 'In', 'Black'] }, ['organization']],
    [{ ...JOHN, organization: 'half \ud83d' }, ['organization']],
    [{ ...JOHN, phoneNumber: '12' }, ['phoneNumber']],
    [{ ...JOHN, phoneNumber: '919999999999@g.us' }, ['phoneNumber']],
    [{ ...JOHN, phoneNumber: null, fullName: '' }, ['fullName', 'phoneNumber']],
  ])('refuses %j with the path of each fault', async (fields, paths) => {
    const answer = await ask('POST /whatsapp/contacts', fields);

    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('validation_failed');
    expect(faultPaths(answer).sort()).toEqual(paths);
    expect(await idsByPage('')).toEqual([[]]);
  });
});

describe('GET /whatsapp/contacts', () => {
  it('shows pages, newest first', async () => {
    const ids = await contactsInOrder(5);

    expect(await idsByPage('limit=2')).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect((await idsByPage('limit=100')).flat()).toEqual(ids);
    expect((await idsByPage('')).flat()).toEqual(ids);
  });

  it.each(['0', '101', '-1', '1.5', 'all', '1e1', '99999999999'])(
    'refuses a limit of %s',
    async (limit) => {
      const answer = await ask(`GET /whatsapp/contacts?limit=${limit}`);

      expect(answer.status).toBe(400);
      expect(faultPaths(answer)).toEqual(['limit']);
    },
  );

  it('refuses a cursor that is none, too long, or from the list of another account', async () => {
    await contactsInOrder(3);
    const page = dataOf(await ask('GET /whatsapp/contacts?limit=2'), Page);
    account = await anAccount(api);
    for (const cursor of ['nonsense', 'x'.repeat(3_000), page.cursor]) {
      const answer = await ask(`GET /whatsapp/contacts?cursor=${cursor}`);
      expect(answer.status).toBe(400);
      expect(faultPaths(answer)).toEqual(['cursor']);
    }
  });

  it("shows nothing of another account's", async () => {
    await aContact();
    account = await anAccount(api);

    expect(dataOf(await ask('GET /whatsapp/contacts'), Page)).toEqual({
      contacts: [],
      cursor: null,
    });
  });
});

describe('PUT /whatsapp/contacts/{id}', () => {
  it('replaces the whole card, and keeps when it was made', async () => {
    const before = await aContact();
    api.clock.now = new Date(api.clock.now.getTime() + 60_000);
    const answer = await ask(`PUT /whatsapp/contacts/${before._id}`, JANE);

    expect(answer.status).toBe(200);
    const after = dataOf(answer, View);
    const change = { ...JANE, displayName: 'Jane', organization: null };
    const updatedAt = api.clock.now.toISOString();
    expect(after).toEqual({ ...before, ...change, updatedAt });
    expect(dataOf(await ask(`GET /whatsapp/contacts/${before._id}`), View)).toEqual(after);
  });

  it('takes what GET has shown', async () => {
    const before = await aContact(JANE);
    const after = dataOf(await ask(`PUT /whatsapp/contacts/${before._id}`, before), View);

    expect(after).toEqual({ ...before, updatedAt: after.updatedAt });
  });

  it('refuses half a card, and leaves the contact as it was', async () => {
    const before = await aContact();
    const answer = await ask(`PUT /whatsapp/contacts/${before._id}`, { fullName: 'Jane' });

    expect(faultPaths(answer)).toEqual(['phoneNumber']);
    expect(dataOf(await ask(`GET /whatsapp/contacts/${before._id}`), View)).toEqual(before);
  });
});

describe('DELETE /whatsapp/contacts/{id}', () => {
  it('takes the contact away, and nothing else', async () => {
    const kept = await aContact(JANE);
    const { _id } = await aContact();
    const answer = await ask(`DELETE /whatsapp/contacts/${_id}`);

    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect((await ask(`GET /whatsapp/contacts/${_id}`)).status).toBe(404);
    expect(await idsByPage('')).toEqual([[kept._id]]);
  });

  it('says of a second one that there is nothing, and changes nothing', async () => {
    const { _id } = await aContact();
    await ask(`DELETE /whatsapp/contacts/${_id}`);

    expect((await ask(`DELETE /whatsapp/contacts/${_id}`)).status).toBe(404);
    expect(await idsByPage('')).toEqual([[]]);
  });
});

describe('one contact', () => {
  it.each(['GET', 'PUT', 'DELETE'])('%s does not find what is not there', async (method) => {
    for (const id of [UNKNOWN_ID, UNKNOWN_ID.toUpperCase(), 'x', '%20', '..%2Fkeys']) {
      const answer = await ask(`${method} /whatsapp/contacts/${id}`, JANE);
      expect(answer.status).toBe(404);
      expect(errorOf(answer).code).toBe('not_found');
    }
  });

  it.each(['GET', 'PUT', 'DELETE'])("%s does not find another account's", async (method) => {
    const owner = account;
    const contact = await aContact();
    account = await anAccount(api);
    const route = `/whatsapp/contacts/${contact._id}`;

    expect((await ask(`${method} ${route}`, JANE)).status).toBe(404);
    account = owner;
    expect(dataOf(await ask(`GET ${route}`), View)).toEqual(contact);
  });
});

describe('the address book', () => {
  it('is open to an API key of its account', async () => {
    const { _id } = await aContact();
    const { key } = await anApiKey(api, account);
    const answer = await call(api, `GET /whatsapp/contacts/${_id}`, { headers: bearer(key) });

    expect(answer.status).toBe(200);
  });

  it("is closed to nobody's call and to an instance's own token", async () => {
    const { query } = await anInstance(api, account);
    const answers = [
      await call(api, 'GET /whatsapp/contacts'),
      await call(api, `GET /whatsapp/contacts${query}`),
      await call(api, `POST /whatsapp/contacts${query}`, { json: JOHN }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it('leaves no name and no number in the log', async () => {
    await aContact({ ...JOHN, fullName: 'Never Logged' });
    await ask('POST /whatsapp/contacts', { ...JOHN, fullName: 'Never Logged', phoneNumber: 'x' });
    const lines = JSON.stringify(api.logLines());

    expect(lines).toContain('Answered a call.');
    expect(lines).not.toMatch(/Never Logged|919999999999/);
  });
});
