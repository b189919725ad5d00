import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  anInstance,
  call,
  errorOf,
  faultPaths,
  type OwnedInstance,
  recordOf,
  report,
} from '../callers.ts';
import { nextDoorbell } from '../next-doorbell.ts';

let api: ApiUnderTest;
let account: Account;
beforeAll(async () => {
  api = await startApi({ config: { allowPrivateUrls: true } });
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  account = await anAccount(api);
});

describe('POST /whatsapp/init', () => {
  async function init(instance: OwnedInstance, config?: object) {
    const json = { ...instance.credentials, ...(config && { config }) };
    return await call(api, 'POST /whatsapp/init', { json });
  }

  it('wishes the session on, and rings for it', async () => {
    const instance = await anInstance(api, account);
    expect((await init(instance)).status).toBe(204);

    const record = await recordOf(api, instance);
    expect(record).toMatchObject({ desired: 'ON', generation: 1, status: 'CREATED' });
    expect(await nextDoorbell(api, record)).toEqual({
      kind: 'instance',
      accountId: account.accountId,
      instanceId: instance.id,
    });
  });

  it('changes nothing about a session that is up', async () => {
    const instance = await aLinkedInstance(api, account);
    const before = await recordOf(api, instance);
    expect((await init(instance)).status).toBe(204);

    expect(await recordOf(api, instance)).toEqual(before);
  });

  it('begins anew after a logout', async () => {
    const instance = await aLinkedInstance(api, account);
    await report(api, instance, { status: 'LOGGED_OUT', user: null });
    expect((await init(instance)).status).toBe(204);

    expect(await recordOf(api, instance)).toMatchObject({ desired: 'ON', generation: 2 });
  });

  it('sets the webhook with all events, and what the phone may do', async () => {
    const instance = await anInstance(api, account);
    const config = { multiDevice: true, setWebhook: true, webhookUrl: 'http://localhost:8/hook' };
    expect((await init(instance, config)).status).toBe(204);

    const { headers } = account;
    const query = `?session_id=${instance.credentials.session_id}`;
    const webhook = await call(api, `GET /whatsapp/webhook${query}`, { headers });
    expect(webhook.json).toMatchObject({
      data: {
        url: 'http://localhost:8/hook',
        events: LIVE_EVENTS,
      },
    });
    const record = await recordOf(api, instance);
    expect(record?.settings.actions.multi_device).toBe(true);
  });

  it.each([
    [{ setWebhook: true }, 'config.webhookUrl'],
    [{ setWebhook: true, webhookUrl: '' }, 'config.webhookUrl'],
    [{ setWebhook: true, webhookUrl: 'valid_url' }, 'config.webhookUrl'],
    [{ setWebhook: 'yes' }, 'config.setWebhook'],
    ['all', 'config'],
  ])('refuses the config %j at its path', async (config, path) => {
    const instance = await anInstance(api, account);
    const json = { ...instance.credentials, config };
    const answer = await call(api, 'POST /whatsapp/init', { json });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect((await recordOf(api, instance))?.desired).toBe('OFF');
  });

  it('ignores what it does not know, and a webhook URL that is not to be set', async () => {
    const instance = await anInstance(api, account);
    const config = { multiDevice: false, webhookUrl: 'valid_url', colour: 'red' };

    expect((await init(instance, config)).status).toBe(204);
  });
});

describe('DELETE /whatsapp/{id}', () => {
  it('makes the instance gone at once, and tells the runner', async () => {
    const instance = await aLinkedInstance(api, account);
    const { headers } = account;
    const { query } = instance;
    expect((await call(api, `DELETE /whatsapp/${instance.id}`, { headers })).status).toBe(204);

    const { session_id } = instance.credentials;
    const answers = [
      await call(api, `DELETE /whatsapp/${instance.id}`, { headers }),
      await call(api, `GET /whatsapp/instance?session_id=${session_id}`, { headers }),
      await call(api, `GET /whatsapp/instance${query}`),
      await call(api, `POST /whatsapp/init${query}`),
      await call(api, `GET /whatsapp${query}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect((await call(api, 'GET /whatsapp', { headers })).json).toMatchObject({ data: [] });
    expect(await recordOf(api, instance)).toMatchObject({ desired: 'DELETED' });
  });

  it("takes the instance's own token", async () => {
    const instance = await anInstance(api, account);
    const answer = await call(api, `DELETE /whatsapp/${instance.id}${instance.query}`);

    expect(answer.status).toBe(204);
  });

  it('is a 404 for what is no id', async () => {
    const { headers } = account;
    const answer = await call(api, 'DELETE /whatsapp/nothing', { headers });

    expect(answer.status).toBe(404);
    expect(errorOf(answer).code).toBe('not_found');
  });
});

describe('GET /whatsapp/instance/logout/{id}', () => {
  it('waits until the runner has logged the session out', async () => {
    const instance = await aLinkedInstance(api, account);
    const answer = call(api, `GET /whatsapp/instance/logout/${instance.id}${instance.query}`);
    const record = await wished(instance, 'LOGGED_OUT');
    await report(api, instance, { status: 'LOGGED_OUT', user: null });

    expect((await answer).status).toBe(204);
    expect(record?.status).toBe('CONNECTED');
  });

  it('answers the same when the runner takes too long', async () => {
    const instance = await aLinkedInstance(api, account);
    const { headers } = account;
    const answer = await call(api, `GET /whatsapp/instance/logout/${instance.id}`, { headers });

    expect(answer.status).toBe(204);
    expect(await recordOf(api, instance)).toMatchObject({ desired: 'LOGGED_OUT' });
  });

  it('has nothing to wait for when no phone was ever linked', async () => {
    const instance = await anInstance(api, account);
    const { headers } = account;
    const answer = await call(api, `GET /whatsapp/instance/logout/${instance.id}`, { headers });

    expect(answer.status).toBe(204);
  });

  /** The record, as soon as it has the wish. */
  async function wished(instance: OwnedInstance, desired: string) {
    await expect
      .poll(async () => (await recordOf(api, instance))?.desired, { interval: 5 })
      .toBe(desired);
    return await recordOf(api, instance);
  }
});
