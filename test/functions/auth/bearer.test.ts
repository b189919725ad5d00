import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, JWT_SECRET, startApi } from '../api-under-test.ts';
import { type Account, anAccount, bearer, call, errorOf } from '../callers.ts';

const LIFE_MS = 15 * 60 * 1000;

let api: ApiUnderTest;
let account: Account;
let start: Date;
beforeAll(async () => {
  api = await startApi();
  start = api.clock.now;
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  api.clock.now = start;
  account = await anAccount(api);
});

async function list(headers: Record<string, string>) {
  return await call(api, 'GET /whatsapp', { headers });
}

/** A token that is right in all but what `change` says. */
async function aToken(change: {
  secret?: Uint8Array;
  claims?: Record<string, unknown>;
  alg?: string;
}): Promise<string> {
  const issuedAtS = Math.floor(start.getTime() / 1000);
  return await new SignJWT({
    iss: 'whatsapp-bots',
    aud: 'whatsapp-bots-api',
    sub: account.accountId,
    sid: account.accountId,
    iat: issuedAtS,
    exp: issuedAtS + 900,
    ...change.claims,
  })
    .setProtectedHeader({ alg: change.alg ?? 'HS256' })
    .sign(change.secret ?? new TextEncoder().encode(JWT_SECRET));
}

describe('an access token', () => {
  it('is good for fifteen minutes, with the empty x-refresh of the page', async () => {
    api.clock.now = new Date(start.getTime() + LIFE_MS - 1000);
    expect((await list(account.headers)).status).toBe(200);
  });

  it('is refused as expired afterwards', async () => {
    api.clock.now = new Date(start.getTime() + LIFE_MS + 1000);
    const answer = await list(account.headers);

    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      status: false,
      message: 'The access token has expired.',
      error: { code: 'token_expired' },
    });
    expect(answer.headers['www-authenticate']).toContain('invalid_token');
  });

  it('is renewed by a good x-refresh, and the call goes on', async () => {
    api.clock.now = new Date(start.getTime() + LIFE_MS + 1000);
    const answer = await list({ ...account.headers, 'x-refresh': account.refreshToken });

    expect(answer.status).toBe(200);
    const renewed = String(answer.headers['x-access-token']);
    const again = await list(bearer(renewed));
    expect(again.status).toBe(200);
    expect(again.headers).not.toHaveProperty('x-access-token');
    const json = { refresh_token: account.refreshToken };
    expect((await call(api, 'POST /auth/refresh', { json })).status).toBe(200);
  });

  it('comes renewed with a refusal that has another reason, too', async () => {
    api.clock.now = new Date(start.getTime() + LIFE_MS + 1000);
    const headers = { ...account.headers, 'x-refresh': account.refreshToken };
    const answer = await call(api, 'GET /whatsapp/instance', { headers });

    expect(answer.status).toBe(400);
    expect(answer.headers).toHaveProperty('x-access-token');
  });

  it.each(['another account', 'a logged out login', 'nonsense'])(
    'is not renewed by the x-refresh of %s',
    async (whose) => {
      const other = await anAccount(api);
      const tokens: Record<string, string> = {
        'another account': other.refreshToken,
        'a logged out login': account.refreshToken,
        nonsense: 'nonsense',
      };
      await call(api, 'POST /auth/logout', { json: { refresh_token: account.refreshToken } });
      api.clock.now = new Date(start.getTime() + LIFE_MS + 1000);
      const answer = await list({ ...account.headers, 'x-refresh': tokens[whose] ?? '' });

      expect(answer.status).toBe(401);
      expect(errorOf(answer).code).toBe('token_expired');
    },
  );

  it('is refused when it is not ours', async () => {
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: account.accountId }))}.`;
    const forgeries = [
      await aToken({ secret: new TextEncoder().encode('another secret of thirty-two bytes!!') }),
      await aToken({ alg: 'HS384' }),
      await aToken({ claims: { iss: 'somebody' } }),
      await aToken({ claims: { aud: 'something' } }),
      await aToken({ claims: { sub: 'nobody' } }),
      await aToken({ claims: { exp: undefined } }),
      account.accessToken.slice(0, -2),
      unsigned.replaceAll('=', ''),
      'x',
    ];
    expect((await list(bearer(await aToken({})))).status).toBe(200);

    for (const forged of forgeries) {
      const answer = await list(bearer(forged));
      expect(answer.status).toBe(401);
      expect(errorOf(answer).code).toBe('unauthorized');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('is expired only when its signature is right', async () => {
    api.clock.now = new Date(start.getTime() + LIFE_MS + 1000);
    const secret = new TextEncoder().encode('another secret of thirty-two bytes!!');
    expect(errorOf(await list(bearer(await aToken({ secret })))).code).toBe('unauthorized');
  });

  it.each(['', 'Basic dTpw', 'Bearer', 'Bearer a b'])(
    'is missing in the header %j',
    async (authorization) => {
      expect((await list({ authorization })).status).toBe(401);
    },
  );
});
