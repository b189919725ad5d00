import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeHandlers } from '../../../infra/local/make-handlers.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  anInstance,
  type OwnedInstance,
} from '../callers.ts';
import { aContext, anEvent } from '../lambda-event.ts';

const TRACE_ID = '1-67891233-abcdef012345678912345678';

describe('a call through API Gateway', () => {
  let api: ApiUnderTest;
  let account: Account;
  let instance: OwnedInstance;
  beforeAll(async () => {
    api = await startApi();
    account = await anAccount(api);
    instance = await aLinkedInstance(api, account);
  });
  afterAll(async () => {
    await api.close();
  });

  const handlers = () => makeHandlers(async () => api.deps);

  it('on a named stage is taken by its route', async () => {
    const query = instance.query.slice(1);
    const routeKey = 'GET /whatsapp/instance';
    const event = anEvent({ routeKey, query, headers: account.headers });
    const { statusCode, headers } = await handlers().instances(event, aContext());

    expect(statusCode).toBe(200);
    expect(headers).toHaveProperty('x-request-id', event.requestContext.requestId);
    expect(api.logLines().at(-1)).toMatchObject({ route: routeKey, instanceId: instance.id });
  });

  it.each(['HEAD', 'OPTIONS'])('of %s is a 405, as on one machine', async (method) => {
    const event = { ...anEvent({ routeKey: `${method} /whatsapp` }), routeKey: '$default' };
    const { statusCode, headers } = await handlers().fallback(event, aContext());
    expect([statusCode, headers?.['allow']]).toEqual([405, 'GET']);
  });

  it('counts against the address that API Gateway saw, whatever the caller forwards', async () => {
    const login = async (sourceIp: string) => {
      const json = { email: `${crypto.randomUUID()}@example.com`, password: 'wrong' };
      const event = anEvent({ routeKey: 'POST /auth/login', json, sourceIp });
      return (await handlers().auth(event, aContext())).statusCode;
    };
    for (let n = 0; n < 50; n += 1) expect(await login('198.51.100.1')).toBe(401);
    expect(await login('198.51.100.1')).toBe(429);
    expect(await login('198.51.100.2')).toBe(401);
  });

  it("is logged with Lambda's names for it, and X-Ray's", async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', `Root=${TRACE_ID};Parent=463a;Sampled=1`);
    try {
      const event = anEvent({ routeKey: 'GET /whatsapp', headers: account.headers });
      await handlers().instances(event, aContext('whatsapp-bots-instances'));
    } finally {
      vi.unstubAllEnvs();
    }
    expect(api.logLines().at(-1)).toMatchObject({
      function_name: 'whatsapp-bots-instances',
      function_request_id: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
      requestId: 'JKJaXmPLvHcESHA=',
      xray_trace_id: TRACE_ID,
      accountId: account.accountId,
    });
  });

  it('names itself on every line that is written on its way', async () => {
    const ringDoorbell = async () => {
      throw new Error('the queue is away');
    };
    const { messages } = makeHandlers(async () => ({ ...api.deps, ringDoorbell }));
    const json = { ...instance.credentials, chatId: '2348179803743', message: 'x' };
    await messages(anEvent({ routeKey: 'POST /whatsapp/message', json }), aContext());

    const [warning, line] = api.logLines().slice(-2);
    expect(warning).toMatchObject({ level: 'WARN', message: 'A doorbell was not rung.' });
    for (const logged of [warning, line]) {
      expect(logged).toMatchObject({
        route: 'POST /whatsapp/message',
        function_request_id: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
        instanceId: instance.id,
      });
    }
  });

  it('leaves no password, token, number or text in any line, when our side breaks, too', async () => {
    const secrets = {
      email: 'somebody@example.com',
      password: 'a private password',
      message: 'a private text',
      phone: '2349011668758',
      refresh: account.refreshToken,
      token: account.accessToken,
      instanceToken: instance.credentials.access_token,
    };
    const { email, password, message, phone } = secrets;
    const broken = async () => {
      throw Object.assign(new Error(`No session for ${phone}.0`), { request: secrets });
    };
    const deps = { ...api.deps, sleep: broken };
    const { auth, instances, messages } = makeHandlers(async () => deps);
    const headers = { ...account.headers, 'x-refresh': secrets.refresh };
    const query = instance.query.slice(1);
    const unlinked = await anInstance(api, account);
    const said = [
      await auth(anEvent({ routeKey: 'POST /auth/login', json: { email, password } }), aContext()),
      await auth(anEvent({ routeKey: 'POST /auth/refresh', headers }), aContext()),
      await messages(
        anEvent({ routeKey: 'POST /whatsapp/message', query, json: { chatId: phone, message } }),
        aContext(),
      ),
      await instances(
        anEvent({
          routeKey: 'POST /whatsapp/pair',
          query: unlinked.query.slice(1),
          json: { phone },
        }),
        aContext(),
      ),
    ];

    expect(said.map(({ statusCode }) => statusCode)).toEqual([401, 200, 200, 500]);
    const log = JSON.stringify(api.logLines());
    expect(log).toContain('No session for #.0');
    for (const secret of Object.values(secrets)) expect(log).not.toContain(secret);
  });

  it('is cold only when it is the first of its process', async () => {
    vi.resetModules();
    const fresh = await import('../../../infra/local/make-handlers.ts');
    const { health } = fresh.makeHandlers(async () => api.deps);
    for (let n = 0; n < 3; n += 1) await health(anEvent({ routeKey: 'GET /healthz' }), aContext());

    const starts = api
      .logLines()
      .slice(-3)
      .map((line) => line['cold_start']);
    expect(starts).toEqual([true, false, false]);
  });

  it('writes its figures before Lambda freezes the process, when it fails, too', async () => {
    const told: string[] = [];
    const recorded = recordedMetrics();
    const metrics = { ...recorded, flush: () => void told.push('flushed') };
    const { messages } = makeHandlers(async () => ({ ...api.deps, metrics }));
    const json = { ...instance.credentials, chatId: '2348179803743', message: 'x' };
    await messages(anEvent({ routeKey: 'POST /whatsapp/message', json }), aContext());
    expect(recorded.figures).toEqual([['MessagesAccepted', 1]]);
    expect(told).toEqual(['flushed']);

    await messages(anEvent({ routeKey: 'POST /whatsapp/message' }), aContext());
    expect(recorded.figures).toHaveLength(1);
    expect(told).toEqual(['flushed', 'flushed']);
  });
});
