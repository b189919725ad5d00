import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defaultSettings } from '#shared/domain/settings.ts';
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
  recordOf,
} from '../callers.ts';
import { ACTIONS, DAYS, GENERAL, HOURS, PACE, settingsOf, updated } from './settings-calls.ts';

let api: ApiUnderTest;
let account: Account;
let first: OwnedInstance;
let second: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  account = await anAccount(api);
  first = await anInstance(api, account);
  second = await anInstance(api, account);
});

async function put(route: string, json: object, headers = account.headers): Promise<Answer> {
  return await call(api, route, { headers, json });
}

describe('the calls of the page', () => {
  it.each([
    [
      GENERAL,
      { bot_name: 'Bot Name', bot_timezone: '+1', bot_lang: 'en', default_msg: true },
      { bot_name: 'Bot Name', bot_timezone: '+1', bot_lang: 'en' },
      2,
    ],
    [
      ACTIONS,
      {
        send_default_msg: true,
        reply_group_msgs: true,
        reply_unread_msgs: true,
        reply_msgs: true,
        multi_device: true,
        send_webhook: true,
      },
      { actions: { ...defaultSettings().actions, multi_device: true, send_webhook: true } },
      2,
    ],
    [
      DAYS,
      {
        monday: true,
        tuesday: true,
        wednesday: true,
        thursday: true,
        friday: true,
        saturday: true,
        sunday: true,
      },
      {},
      0,
    ],
    [HOURS, { from: '00:00', to: '5:00' }, { active_hours: { from: '00:00', to: '05:00' } }, 2],
  ])('%s changes all of the account', async (route, body, changed, modified) => {
    const answer = await put(route, body);

    expect(answer).toMatchObject({ status: 200, json: updated(modified, 2) });
    for (const instance of [first, second]) {
      expect(await settingsOf(api, instance)).toEqual({ ...defaultSettings(), ...changed });
    }
    expect((await put(route, body)).json).toEqual(updated(0, 2));
  });

  it('are answered for an account without instances, too', async () => {
    const { headers } = await anAccount(api);

    expect((await put(GENERAL, { bot_name: 'x' }, headers)).json).toEqual(updated(0, 0));
  });
});

describe('one instance', () => {
  it('is changed alone when the call names it', async () => {
    const { session_id } = first.credentials;
    const inBody = await put(GENERAL, { session_id, bot_name: 'First' });
    const inQuery = await put(`${DAYS}?session_id=${session_id}`, { sunday: false });

    expect([inBody.json, inQuery.json]).toEqual([updated(1, 1), updated(1, 1)]);
    expect(await settingsOf(api, first)).toMatchObject({
      bot_name: 'First',
      active_days: { sunday: false, monday: true },
    });
    expect(await settingsOf(api, second)).toEqual(defaultSettings());
  });

  it('may change itself by its own token, and no other', async () => {
    const answer = await put(ACTIONS, { ...first.credentials, reply_msgs: false }, {});

    expect(answer.json).toEqual(updated(1, 1));
    expect((await settingsOf(api, first))?.actions.reply_msgs).toBe(false);
    expect(await settingsOf(api, second)).toEqual(defaultSettings());
  });

  it('is changed by an API key of its account', async () => {
    const { key } = await anApiKey(api, account);

    expect((await put(GENERAL, { bot_name: 'x' }, bearer(key))).json).toEqual(updated(2, 2));
  });

  it('of another account, or of none, is not there', async () => {
    const stranger = await anInstance(api, await anAccount(api));
    for (const session_id of [stranger.credentials.session_id, 'nothing']) {
      const answer = await put(GENERAL, { session_id, bot_name: 'x' });
      expect([answer.status, errorOf(answer).code]).toEqual([404, 'not_found']);
    }
    expect(await settingsOf(api, stranger)).toEqual(defaultSettings());
    expect(await settingsOf(api, first)).toEqual(defaultSettings());
  });

  it('that was deleted is not there, and not counted', async () => {
    const { headers } = account;
    expect((await call(api, `DELETE /whatsapp/${second.id}`, { headers })).status).toBe(204);

    const { session_id } = second.credentials;
    expect((await put(GENERAL, { session_id, bot_name: 'x' })).status).toBe(404);
    expect((await put(GENERAL, { bot_name: 'x' })).json).toEqual(updated(1, 1));
  });

  it('is meant when its token is sent: without its session id nothing is changed', async () => {
    const { access_token } = first.credentials;
    const answer = await put(GENERAL, { access_token, bot_name: 'x' });

    expect([answer.status, faultPaths(answer)]).toEqual([400, ['session_id']]);
    expect(await settingsOf(api, second)).toEqual(defaultSettings());
  });
});

describe('every call', () => {
  it.each([
    [GENERAL, 'bot_name', 'bot_timezone, bot_lang, default_msg, default_msg_minutes'],
    [
      ACTIONS,
      'send_default_msg',
      'reply_group_msgs, reply_unread_msgs, reply_msgs, multi_device, send_webhook',
    ],
    [DAYS, 'monday', 'tuesday, wednesday, thursday, friday, saturday, sunday'],
    [HOURS, 'from', 'to'],
    [PACE, 'on', 'per_minute, burst, chat_gap_ms, new_chats_per_day, typing'],
  ])('%s changes something, or is refused', async (route, path, others) => {
    const { session_id } = first.credentials;
    for (const body of [{}, { session_id }, { session_id: '', access_token: '' }]) {
      const answer = await put(route, body);
      expect([answer.status, errorOf(answer).code]).toEqual([400, 'validation_failed']);
      const message = `is required, or another setting: ${others}`;
      expect(errorOf(answer).details).toEqual([{ path, message }]);
    }
  });

  it.each([
    [GENERAL, { bot_name: 'x' }],
    [ACTIONS, { reply_msgs: false }],
    [DAYS, { monday: false }],
    [HOURS, { from: '1:00', to: '2:00' }],
    [PACE, { burst: 1 }],
  ])(
    '%s refuses a query that it does not know: a misspelt name would mean all',
    async (route, body) => {
      const { session_id } = first.credentials;
      const answer = await put(`${route}?sesion_id=${session_id}`, body);
      expect([answer.status, faultPaths(answer)]).toEqual([400, ['query.sesion_id']]);
      expect(await settingsOf(api, second)).toEqual(defaultSettings());

      const named = await put(`${route}?session_id=${session_id}&access_token=`, body);
      expect(named.json).toEqual(updated(1, 1));
    },
  );

  it('that has nothing but a field that it does not know is told that alone', async () => {
    expect(faultPaths(await put(GENERAL, { bot_nme: 'x' }))).toEqual(['bot_nme']);
  });

  it.each([
    [GENERAL, { bot_name: 'x' }],
    [ACTIONS, { reply_msgs: false }],
    [DAYS, { monday: false }],
    [HOURS, { from: '1:00', to: '2:00' }],
  ])('%s refuses fields that it does not know, by their names', async (route, body) => {
    const { session_id } = first.credentials;
    const answer = await put(route, { ...body, sesion_id: session_id, bot_number: '1' });

    expect([answer.status, faultPaths(answer)]).toEqual([400, ['sesion_id', 'bot_number']]);
    expect(await settingsOf(api, first)).toEqual(defaultSettings());
    expect(await settingsOf(api, second)).toEqual(defaultSettings());
  });

  it.each([GENERAL, ACTIONS, DAYS, HOURS])('%s is not for nobody', async (route) => {
    const { session_id } = first.credentials;
    expect((await put(route, {}, {})).status).toBe(401);
    expect((await put(route, { session_id }, {})).status).toBe(401);
    expect((await put(route, { session_id, access_token: 'wrong' }, {})).status).toBe(401);
  });
});

const Listed = z.object({
  session_id: z.string(),
  settings: z.record(z.string(), z.unknown()),
});

it('is shown as the page shows it', async () => {
  const { headers } = account;
  const { session_id } = first.credentials;
  await put(GENERAL, { session_id, bot_name: 'Shop', bot_timezone: '+01:00', default_msg: 'Hi' });
  await put(HOURS, { session_id, from: '00:00', to: '5:00' });
  const listed = dataOf(await call(api, 'GET /whatsapp', { headers }), z.array(Listed));

  const isFirst = (instance: z.infer<typeof Listed>) => instance.session_id === session_id;
  expect(listed.find(isFirst)?.settings).toMatchObject({
    bot_name: 'Shop',
    bot_timezone: '+1',
    default_msg: 'Hi',
    active_hours: { from: '00:00', to: '05:00' },
  });
  expect(listed.find((instance) => !isFirst(instance))?.settings).toMatchObject({
    bot_timezone: 'Africa/Harare',
    active_hours: { from: 'always', to: 'always' },
  });
});

it('tells when it was changed, and only then', async () => {
  api.clock.now = new Date(api.clock.now.getTime() + 60_000);
  await put(GENERAL, { bot_lang: 'en' });
  expect((await recordOf(api, first))?.updatedAt).not.toBe(api.clock.now.toISOString());

  await put(GENERAL, { bot_lang: 'sn' });
  expect((await recordOf(api, first))?.updatedAt).toBe(api.clock.now.toISOString());
});
