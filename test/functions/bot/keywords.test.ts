import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keys } from '#shared/repositories/keys.ts';
import { KEYWORD_RULES_MAX } from '#shared/repositories/keyword-repository.ts';
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
  type OwnedInstance,
} from '../callers.ts';
import { aKeyword, ask, Page, TEXT, View } from './keyword-calls.ts';

const UNKNOWN_ID = '64a00ec7c5e487d95dcb0d5e';
const FULL = {
  keywords: ['price', 'cost'],
  match: 'contains',
  case_sensitive: true,
  accent_sensitive: true,
  priority: -7,
  chats: 'group',
  enabled: false,
  reply: TEXT,
};

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
let by: { api: ApiUnderTest; instance: OwnedInstance };
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  instance = await anInstance(api, account);
  by = { api, instance };
});

async function listed(): Promise<View[]> {
  return dataOf(await ask(by, 'GET '), Page).keywords;
}

describe('POST /whatsapp/keywords', () => {
  it('keeps a rule as it was said', async () => {
    const answer = await ask(by, 'POST ', FULL);
    const at = api.clock.now.toISOString();

    expect(answer.status).toBe(201);
    const rule = dataOf(answer, View);
    expect(rule).toEqual({ _id: rule._id, ...FULL, createdAt: at, updatedAt: at });
    expect(dataOf(await ask(by, `GET /${rule._id}`), View)).toEqual(rule);
  });

  it('looks for words in all chats, whatever their capitals and accents, when nothing is said', async () => {
    expect(await aKeyword(by)).toMatchObject({
      keywords: ['price'],
      match: 'word',
      case_sensitive: false,
      accent_sensitive: false,
      priority: 0,
      chats: 'all',
      enabled: true,
    });
  });

  it.each([
    [{ keyword: ' price ' }, ['price']],
    [{ keyword: ['a', 'b', 'a'] }, ['a', 'b']],
    [{ keyword: 1 }, ['1']],
    [{ keyword: 'a', keywords: ['b', 'a'] }, ['a', 'b']],
    [{ keyword: '', keywords: 'b' }, ['b']],
  ])('takes the keywords of %j', async (fields, keywords) => {
    expect(await aKeyword(by, fields)).toMatchObject({ keywords });
  });

  it('takes a form, whose reply is JSON', async () => {
    const body = new URLSearchParams({
      ...instance.credentials,
      keyword: 'price',
      priority: '3',
      enabled: 'false',
      reply: JSON.stringify(TEXT),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call(api, 'POST /whatsapp/keywords', { headers, body: String(body) });

    expect(dataOf(answer, View)).toMatchObject({ priority: 3, enabled: false, reply: TEXT });
  });

  it.each([
    [{ keyword: undefined }, ['keyword']],
    [{ keyword: [] }, ['keyword']],
    [{ keyword: ['a', ' '] }, ['keyword.1']],
    [{ keywords: [{}] }, ['keywords.0']],
    [{ keyword: 'x'.repeat(513) }, ['keyword.0']],
    [{ keywords: Array.from({ length: 51 }, (_, n) => `${n}`) }, ['keywords']],
    [{ match: 'fuzzy' }, ['match']],
    [{ match: 'regex', keyword: ['fine', '(unclosed'] }, ['keyword.1']],
    [{ match: 'regex', keyword: 'a', keywords: ['(?=ahead)'] }, ['keywords.0']],
    [{ priority: 1_001 }, ['priority']],
    [{ priority: 1.5 }, ['priority']],
    [{ chats: 'everywhere' }, ['chats']],
    [{ enabled: 'perhaps' }, ['enabled']],
  ])('refuses %j with the path of each fault', async (fields, paths) => {
    const answer = await ask(by, 'POST ', { keyword: 'price', reply: TEXT, ...fields });

    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('validation_failed');
    expect(faultPaths(answer)).toEqual(paths);
    expect(await listed()).toEqual([]);
  });

  it('refuses the rule beyond the last that an instance may have', async () => {
    await aKeyword(by);
    const set = { rules: KEYWORD_RULES_MAX };
    await api.storage.table.write({ kind: 'update', key: keys.keywords(instance.id), set });
    const answer = await ask(by, 'POST ', FULL);

    expect(answer.status).toBe(409);
    expect(errorOf(answer).code).toBe('too_many_keywords');
    expect(await listed()).toHaveLength(1);
  });
});

describe('GET /whatsapp/keywords', () => {
  it('shows pages, newest first, of that instance alone', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.unshift((await aKeyword(by))._id);
      api.clock.now = new Date(api.clock.now.getTime() + 1);
    }
    await aKeyword({ api, instance: await anInstance(api, account) });
    const pages: string[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: Answer = await ask(by, `GET ?limit=2&cursor=${cursor}`);
      const page = dataOf(answer, Page);
      pages.push(page.keywords.map(({ _id }) => _id));
      cursor = page.cursor;
    }

    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it('refuses a limit and a cursor that are none', async () => {
    expect(faultPaths(await ask(by, 'GET ?limit=101'))).toEqual(['limit']);
    expect(faultPaths(await ask(by, 'GET ?cursor=nonsense'))).toEqual(['cursor']);
  });
});

describe('PUT /whatsapp/keywords/{keywordId}', () => {
  it('replaces the whole rule, and keeps when it was made', async () => {
    const before = dataOf(await ask(by, 'POST ', FULL), View);
    api.clock.now = new Date(api.clock.now.getTime() + 60_000);
    const json = { keyword: 'hours', reply: { type: 'text', message: 'Nine to five.' } };
    const after = dataOf(await ask(by, `PUT /${before._id}`, json), View);

    expect(after).toMatchObject({ keywords: ['hours'], match: 'word', enabled: true, priority: 0 });
    expect([after._id, after.createdAt]).toEqual([before._id, before.createdAt]);
    expect(after.updatedAt).toBe(api.clock.now.toISOString());
    expect(dataOf(await ask(by, `GET /${before._id}`), View)).toEqual(after);
  });

  it('refuses half a rule, and leaves it as it was', async () => {
    const before = await aKeyword(by);

    expect(faultPaths(await ask(by, `PUT /${before._id}`, { keyword: 'x' }))).toEqual(['reply']);
    expect(await listed()).toEqual([before]);
  });
});

describe('DELETE /whatsapp/keywords/{keywordId}', () => {
  it('takes the rule away once, and nothing else', async () => {
    const kept = await aKeyword(by);
    const { _id } = await aKeyword(by);

    expect((await ask(by, `DELETE /${_id}`)).status).toBe(204);
    expect((await ask(by, `DELETE /${_id}`)).status).toBe(404);
    expect(await listed()).toEqual([kept]);
  });
});

describe('one rule', () => {
  const JSON_BODY = { keyword: 'x', reply: TEXT };

  it.each(['GET', 'PUT', 'DELETE'])('%s does not find what is not there', async (method) => {
    for (const id of [UNKNOWN_ID, 'x', '%20', '..%2Fkeys']) {
      const answer = await ask(by, `${method} /${id}`, JSON_BODY);
      expect(answer.status).toBe(404);
      expect(errorOf(answer).code).toBe('not_found');
    }
  });

  it.each(['GET', 'PUT', 'DELETE'])("%s does not find another instance's", async (method) => {
    const rule = await aKeyword(by);
    const other = { api, instance: await anInstance(api, account) };

    expect((await ask(other, `${method} /${rule._id}`, JSON_BODY)).status).toBe(404);
    expect(await listed()).toEqual([rule]);
  });

  it('is open to the account and to its API keys, with a session id', async () => {
    const rule = await aKeyword(by);
    const { key } = await anApiKey(api, account);
    const path = `/whatsapp/keywords/${rule._id}?session_id=${instance.credentials.session_id}`;
    for (const headers of [account.headers, bearer(key)]) {
      expect(dataOf(await call(api, `GET ${path}`, { headers }), View)).toEqual(rule);
    }
    expect((await call(api, `GET ${path}`)).status).toBe(401);
  });

  it('leaves no word of it in the log', async () => {
    await aKeyword(by, { keyword: 'never-logged', reply: { type: 'text', message: 'Never said' } });
    await ask(by, 'POST ', {
      keyword: 'never-logged',
      match: 'x',
      reply: { message: 'Never said' },
    });
    const lines = JSON.stringify(api.logLines());

    expect(lines).toContain('Answered a call.');
    expect(lines).not.toMatch(/never-logged|Never said/);
  });
});
