import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '#shared/domain/settings.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  anAccount,
  anInstance,
  call,
  faultPaths,
  type OwnedInstance,
} from '../callers.ts';
import { ACTIONS, DAYS, GENERAL, HOURS, settingsOf, updated } from './settings-calls.ts';

let api: ApiUnderTest;
let account: Account;
let first: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  account = await anAccount(api);
  first = await anInstance(api, account);
  await anInstance(api, account);
});

async function put(route: string, json: object): Promise<Answer> {
  const { headers } = account;
  return await call(api, route, { headers, json });
}

describe('general info', () => {
  it('takes true and false for whether the default message is sent', async () => {
    expect((await put(GENERAL, { default_msg: false })).json).toEqual(updated(2, 2));
    expect(await settingsOf(api, first)).toEqual({
      ...defaultSettings(),
      actions: { ...defaultSettings().actions, send_default_msg: false },
    });

    await put(GENERAL, { default_msg: true });
    expect(await settingsOf(api, first)).toEqual(defaultSettings());
  });

  it('takes a text for what the default message says, and switches nothing', async () => {
    await put(GENERAL, { default_msg: false });
    const default_msg = 'Grüße, [name] 👋\nBis bald.';

    expect((await put(GENERAL, { default_msg })).json).toEqual(updated(2, 2));
    expect(await settingsOf(api, first)).toMatchObject({
      default_msg,
      actions: { send_default_msg: false },
    });
  });

  it('takes the words true and false, which is all that a form knows, for the switch', async () => {
    const answer = await call(api, GENERAL, {
      headers: { ...account.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'default_msg=false&bot_name=Shop+1',
    });

    expect(answer.json).toEqual(updated(2, 2));
    expect(await settingsOf(api, first)).toEqual({
      ...defaultSettings(),
      bot_name: 'Shop 1',
      actions: { ...defaultSettings().actions, send_default_msg: false },
    });
  });

  it('takes how often the default message comes, and shows it from then on', async () => {
    const shown = async () => (await call(api, `GET /whatsapp${first.query}`)).text;
    expect(await shown()).not.toContain('default_msg_minutes');
    for (const default_msg_minutes of [0, 90, 10_080]) {
      expect((await put(GENERAL, { default_msg_minutes })).json).toEqual(updated(2, 2));
      expect(await settingsOf(api, first)).toEqual({ ...defaultSettings(), default_msg_minutes });
      expect(await shown()).toContain(`"default_msg_minutes":${default_msg_minutes}`);
    }
  });

  it.each([-1, 10_081, 1.5, '60', null])('refuses %j minutes', async (default_msg_minutes) => {
    const answer = await put(GENERAL, { default_msg_minutes });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['default_msg_minutes']);
  });

  it('keeps time zone and language in one form', async () => {
    await put(GENERAL, { bot_timezone: '-3:30', bot_lang: 'PT-br' });

    expect(await settingsOf(api, first)).toMatchObject({
      bot_timezone: '-03:30',
      bot_lang: 'pt-BR',
    });
  });

  it.each([
    ['bot_name', ''],
    ['bot_name', '   '],
    ['bot_name', 'x'.repeat(101)],
    ['bot_name', 'two\nlines'],
    ['bot_name', 'half \ud83d a character'],
    ['bot_name', 7],
    ['bot_name', null],
    ['bot_timezone', 'Nowhere/Land'],
    ['bot_timezone', '+15'],
    ['bot_timezone', 1],
    ['bot_lang', 'english'],
    ['bot_lang', ['en']],
    ['default_msg', ''],
    ['default_msg', ' '],
    ['default_msg', 1],
    ['default_msg', null],
    ['default_msg', { text: 'x' }],
    ['default_msg', 'x'.repeat(100_000)],
  ])('refuses %s: %j', async (field, value) => {
    const answer = await put(GENERAL, { [field]: value });

    expect([answer.status, faultPaths(answer)]).toEqual([400, [field]]);
    expect(await settingsOf(api, first)).toEqual(defaultSettings());
  });
});

describe('actions and days', () => {
  it.each([
    [ACTIONS, 'send_webhook'],
    [DAYS, 'sunday'],
  ])('%s take nothing but booleans', async (route, field) => {
    for (const value of ['true', 1, null, {}, [true]]) {
      const answer = await put(route, { [field]: value });
      expect([answer.status, faultPaths(answer)]).toEqual([400, [field]]);
    }
    expect(await settingsOf(api, first)).toEqual(defaultSettings());
  });

  it('read the words of a form as booleans', async () => {
    const answer = await call(api, ACTIONS, {
      headers: { ...account.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'reply_msgs=false&send_webhook=true',
    });

    expect(answer.json).toEqual(updated(2, 2));
    expect((await settingsOf(api, first))?.actions).toMatchObject({
      reply_msgs: false,
      send_webhook: true,
    });
  });
});

describe('active hours', () => {
  it('may go over midnight, and end at always again', async () => {
    await put(HOURS, { from: '22:00', to: '6:30' });
    expect((await settingsOf(api, first))?.active_hours).toEqual({ from: '22:00', to: '06:30' });
    await put(HOURS, { from: '23:15' });
    expect((await settingsOf(api, first))?.active_hours).toEqual({ from: '23:15', to: '06:30' });
    await put(HOURS, { from: 'always', to: 'always' });
    expect(await settingsOf(api, first)).toEqual(defaultSettings());
  });

  it.each([
    [{ from: '5:00', to: '05:00' }, ['to']],
    [{ from: '24:00', to: '0:00' }, ['to']],
    [{ from: 'always', to: '5:00' }, ['from']],
    [{ from: '5:00', to: 'always' }, ['to']],
    [{ from: '5:00' }, ['to']],
    [{ from: '24:01', to: 'noon' }, ['from', 'to']],
    [{ from: 5, to: null }, ['from', 'to']],
  ])('are refused as %j', async (body, paths) => {
    const answer = await put(HOURS, body);

    expect([answer.status, faultPaths(answer)]).toEqual([400, paths]);
    expect(await settingsOf(api, first)).toEqual(defaultSettings());
  });

  it('are changed for all or for none: one instance that they do not fit refuses the call', async () => {
    const { session_id } = first.credentials;
    await put(HOURS, { session_id, from: '8:00', to: '18:00' });
    const answer = await put(HOURS, { from: '9:00' });

    expect([answer.status, faultPaths(answer)]).toEqual([400, ['to']]);
    expect((await settingsOf(api, first))?.active_hours).toEqual({ from: '08:00', to: '18:00' });
  });
});
