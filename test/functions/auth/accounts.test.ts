import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  anAccount,
  anApiKey,
  anInstance,
  bearer,
  call,
  dataOf,
  errorOf,
  faultPaths,
  PASSWORD,
} from '../callers.ts';

const Tokens = z.strictObject({
  access_token: z.string(),
  refresh_token: z.string().regex(/^wbr_[0-9a-f]{24}_[0-9a-f]{24}_[\w-]{43}$/),
  expires_in: z.literal(900),
});
const LoggedIn = Tokens.extend({
  user: z.strictObject({
    _id: z.string(),
    email: z.string(),
    name: z.string(),
    createdAt: z.iso.datetime(),
  }),
});

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});

describe('registration', () => {
  it('answers the account and its tokens, and the e-mail in lower case', async () => {
    const json = { email: ' New.Person@Example.COM ', password: PASSWORD, name: 'New Person' };
    const answer = await call(api, 'POST /auth/register', { json });

    expect(answer.status).toBe(201);
    const { user } = dataOf(answer, LoggedIn);
    expect(user).toMatchObject({ email: 'new.person@example.com', name: 'New Person' });
  });

  it('refuses an e-mail that is taken, however it is written', async () => {
    const { email } = await anAccount(api);
    const json = { email: email.toUpperCase(), password: PASSWORD };
    const answer = await call(api, 'POST /auth/register', { json });

    expect(answer.status).toBe(409);
    expect(errorOf(answer).code).toBe('email_taken');
  });

  it('lets one of two registrations at once win', async () => {
    const json = { email: 'twice@example.com', password: PASSWORD };
    const answers = await Promise.all([
      call(api, 'POST /auth/register', { json }),
      call(api, 'POST /auth/register', { json }),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('names every fault of the body', async () => {
    const json = { email: 'nobody', password: 'short' };
    const answer = await call(api, 'POST /auth/register', { json });

    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('validation_failed');
    expect(faultPaths(answer)).toEqual(['email', 'password']);
  });

  it('is refused where it is closed', async () => {
    const closed = await startApi({ config: { openRegistration: false } });
    try {
      const json = { email: 'a@example.com', password: PASSWORD };
      const answer = await call(closed, 'POST /auth/register', { json });

      expect(answer.status).toBe(403);
      expect(errorOf(answer).code).toBe('forbidden');
    } finally {
      await closed.close();
    }
  });
});

describe('login', () => {
  it('answers tokens that are good', async () => {
    const { email, accountId } = await anAccount(api);
    const answer = await call(api, 'POST /auth/login', { json: { email, password: PASSWORD } });

    expect(answer.status).toBe(200);
    const { user, access_token } = dataOf(answer, LoggedIn);
    expect(user._id).toBe(accountId);
    const list = await call(api, 'GET /whatsapp', { headers: bearer(access_token) });
    expect(list.status).toBe(200);
  });

  it('says the same of a wrong password and of an unknown e-mail', async () => {
    const { email } = await anAccount(api);
    const wrong = await call(api, 'POST /auth/login', { json: { email, password: 'not it' } });
    const unknown = await call(api, 'POST /auth/login', {
      json: { email: 'unknown@example.com', password: 'not it' },
    });

    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    expect(unknown.text).toBe(wrong.text);
  });
});

describe('refresh tokens', () => {
  it('are replaced by a new pair, from the body and from the header', async () => {
    const { refreshToken } = await anAccount(api);
    const json = { refresh_token: refreshToken };
    const first = dataOf(await call(api, 'POST /auth/refresh', { json }), Tokens);
    const headers = { 'x-refresh': first.refresh_token };
    const second = dataOf(await call(api, 'POST /auth/refresh', { headers }), Tokens);

    expect(new Set([refreshToken, first.refresh_token, second.refresh_token]).size).toBe(3);
  });

  it('end their login when one comes a second time', async () => {
    const { refreshToken } = await anAccount(api);
    const json = { refresh_token: refreshToken };
    const next = dataOf(await call(api, 'POST /auth/refresh', { json }), Tokens).refresh_token;

    const reused = await call(api, 'POST /auth/refresh', { json });
    expect(reused.status).toBe(401);
    const latest = await call(api, 'POST /auth/refresh', { json: { refresh_token: next } });
    expect(latest.status).toBe(401);
  });

  it('end their login when two calls send one at once', async () => {
    const { refreshToken } = await anAccount(api);
    const json = { refresh_token: refreshToken };
    const answers = await Promise.all([
      call(api, 'POST /auth/refresh', { json }),
      call(api, 'POST /auth/refresh', { json }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);

    const winner = answers.find(({ status }) => status === 200);
    const next = winner && dataOf(winner, Tokens).refresh_token;
    const later = await call(api, 'POST /auth/refresh', { json: { refresh_token: next } });
    expect(later.status).toBe(401);
  });

  it('are not ended by a stranger who knows the ids but not the secret', async () => {
    const { refreshToken } = await anAccount(api);
    const forged = refreshToken.slice(0, -43) + 'A'.repeat(43);
    const refused = await call(api, 'POST /auth/refresh', { json: { refresh_token: forged } });
    expect(refused.status).toBe(401);

    const json = { refresh_token: refreshToken };
    expect((await call(api, 'POST /auth/refresh', { json })).status).toBe(200);
  });

  it('expire after thirty days', async () => {
    const { refreshToken } = await anAccount(api);
    const before = api.clock.now;
    try {
      api.clock.now = new Date(before.getTime() + 30 * 24 * 3600 * 1000 + 1000);
      const json = { refresh_token: refreshToken };
      expect((await call(api, 'POST /auth/refresh', { json })).status).toBe(401);
    } finally {
      api.clock.now = before;
    }
  });

  it.each(['', 'wbr_x', 'nonsense'])('are refused when they are %j', async (token) => {
    const answer = await call(api, 'POST /auth/refresh', { json: { refresh_token: token } });

    expect(answer.status).toBe(token === '' ? 400 : 401);
  });
});

describe('logout', () => {
  it.each(['body', 'x-refresh', 'bearer'] as const)('ends the login by %s', async (place) => {
    const { refreshToken, headers } = await anAccount(api);
    const json = { refresh_token: refreshToken };
    const options = {
      body: { json },
      'x-refresh': { headers: { 'x-refresh': refreshToken } },
      bearer: { headers },
    }[place];

    expect((await call(api, 'POST /auth/logout', options)).status).toBe(204);
    expect((await call(api, 'POST /auth/refresh', { json })).status).toBe(401);
  });

  it('needs something that says which login', async () => {
    expect((await call(api, 'POST /auth/logout')).status).toBe(401);
  });
});

describe('API keys', () => {
  it('are shown once, listed without their secret, and open the account', async () => {
    const account = await anAccount(api);
    const { id, key } = await anApiKey(api, account);
    const instance = await anInstance(api, account);
    expect(key).toMatch(new RegExp(`^wbk_${account.accountId}_${id}_[\\w-]{43}$`));

    const list = await call(
      api,
      `GET /whatsapp/instance${'?session_id='}${instance.credentials.session_id}`,
      { headers: bearer(key) },
    );
    expect(list.status).toBe(200);

    const keys = await call(api, 'GET /auth/keys', { headers: account.headers });
    const today = api.clock.now.toISOString().slice(0, 10);
    expect(keys.json).toMatchObject({ data: [{ id, name: 'a key', lastUsedAt: today }] });
    expect(keys.text).not.toContain(key.slice(-43));
  });

  it('are refused at once when they are deleted', async () => {
    const account = await anAccount(api);
    const { id, key } = await anApiKey(api, account);
    const { headers } = account;

    expect((await call(api, `DELETE /auth/keys/${id}`, { headers })).status).toBe(204);
    expect((await call(api, 'GET /whatsapp', { headers: bearer(key) })).status).toBe(401);
    expect((await call(api, `DELETE /auth/keys/${id}`, { headers })).status).toBe(404);
  });

  it('cannot manage keys and logins', async () => {
    const account = await anAccount(api);
    const { id, key } = await anApiKey(api, account);
    const headers = bearer(key);
    const answers = [
      await call(api, 'POST /auth/keys', { headers, json: { name: 'another' } }),
      await call(api, 'GET /auth/keys', { headers }),
      await call(api, `DELETE /auth/keys/${id}`, { headers }),
      await call(api, 'POST /auth/logout', { headers }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(answers.map((answer) => errorOf(answer).code)).toEqual(Array(4).fill('forbidden'));
  });

  it('are refused with another secret, of another account, or cut short', async () => {
    const account = await anAccount(api);
    const other = await anAccount(api);
    const { key } = await anApiKey(api, account);
    const forgeries = [
      key.slice(0, -43) + 'A'.repeat(43),
      key.replace(account.accountId, other.accountId),
      key.slice(0, -1),
    ];

    for (const forged of forgeries) {
      const answer = await call(api, 'GET /whatsapp', { headers: bearer(forged) });
      expect(answer.status).toBe(401);
    }
  });
});
