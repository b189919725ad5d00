import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { aLinkedInstance, anAccount, call, errorOf } from '../callers.ts';

const SECURITY_HEADERS = [
  'cache-control',
  'content-security-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
];

describe('every answer', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api.close();
  });

  it.each(['GET /healthz', 'GET /nowhere', 'GET /whatsapp', 'POST /auth/logout'])(
    'of %s has a request id and the security headers',
    async (route) => {
      const { headers } = await call(api, route);

      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      for (const name of SECURITY_HEADERS) expect(headers).toHaveProperty(name);
    },
  );

  it.each([
    ['PATCH /whatsapp', 'GET'],
    ['PATCH /whatsapp/', 'GET'],
    ['OPTIONS /whatsapp', 'GET'],
    ['POST /whatsapp/instance', 'GET, DELETE'],
    ['PATCH /whatsapp/contacts', 'DELETE, POST, GET'],
    ['POST /whatsapp/contacts/0123', 'GET, PUT, DELETE'],
  ])('%s is a 405 that names what is allowed, %s', async (route, allow) => {
    const answer = await call(api, route, { body: '{' });

    expect([answer.status, errorOf(answer).code]).toEqual([405, 'method_not_allowed']);
    expect(answer.headers['allow']).toBe(allow);
    expect(errorOf(answer).details).toBeUndefined();
  });

  it.each(['GET /nowhere', 'PATCH /', 'GET /whatsapp/%ff', 'POST /whatsapp/nowhere/else'])(
    '%s is a 404 in our shape',
    async (route) => {
      const answer = await call(api, route, { body: '{' });

      expect(answer.status).toBe(404);
      expect(answer.json).toEqual({
        status: false,
        message: 'There is no such route.',
        error: { code: 'route_not_found' },
      });
    },
  );

  it('is logged in one line, without secrets, numbers or text', async () => {
    const account = await anAccount(api);
    const instance = await aLinkedInstance(api, account);
    const path = `POST /whatsapp/message${instance.query}`;
    const json = { chatId: '2349011668758', message: 'a private text' };
    const answer = await call(api, path, { json });

    const requestId = answer.headers['x-request-id'];
    const lines = api.logLines().filter((line) => line['requestId'] === requestId);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual({
      level: 'INFO',
      timestamp: expect.any(String),
      service: 'test',
      message: 'Answered a call.',
      requestId,
      route: 'POST /whatsapp/message',
      status: 200,
      ms: expect.any(Number),
      accountId: account.accountId,
      instanceId: instance.id,
      messageId: answer.headers['x-message-id'],
      cold_start: false,
      function_name: 'messages',
      function_request_id: requestId,
    });
    const log = JSON.stringify(api.logLines());
    const { session_id, access_token } = instance.credentials;
    for (const secret of [session_id, access_token, account.accessToken, ...Object.values(json)]) {
      expect(log).not.toContain(secret);
    }
  });
});

describe('a failure on our side', () => {
  it('is a 500 that tells nothing, and is logged with its cause', async () => {
    const api = await startApi({
      deps: {
        checkStorage: async () => {
          throw new Error('the disk is full');
        },
        random: () => {
          throw new Error('a broken dice');
        },
      },
    });
    try {
      const { headers } = await anAccount(api);
      const answer = await call(api, 'POST /whatsapp/createNewWhatsapp', { headers });
      expect(answer.status).toBe(500);
      expect(errorOf(answer).code).toBe('internal');
      expect(answer.text).not.toContain('dice');
      const requestId = answer.headers['x-request-id'];
      const line = api.logLines().find((logged) => logged['requestId'] === requestId);
      expect(line).toMatchObject({ level: 'ERROR', err: { message: 'a broken dice' } });

      const health = await call(api, 'GET /healthz');
      expect(health.status).toBe(503);
      expect(errorOf(health).code).toBe('unavailable');
      expect(health.text).not.toContain('disk');
      expect(api.logLines().at(-1)).toMatchObject({
        level: 'ERROR',
        status: 503,
        err: { cause: { message: 'the disk is full' } },
      });
    } finally {
      await api.close();
    }
  });
});
