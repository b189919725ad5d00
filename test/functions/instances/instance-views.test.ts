import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  aLinkedInstance,
  anAccount,
  anInstance,
  call,
  LINKED_USER,
  recordOf,
} from '../callers.ts';

const GROUPED_HEX = /^[0-9a-f]{4}(-[0-9a-f]{4}){7}$/;

/** The sample of the customer's page; what it calls CONNECTED is told as it is. */
const CREATED_SAMPLE = {
  status: true,
  message: 'Whatsapp created successfully!',
  data: {
    settings: {
      bot_name: 'WhatsappClient (bot_number)',
      status: 'CREATED',
      bot_timezone: 'Africa/Harare',
      bot_lang: 'en',
      default_msg: '{Hi|Hello} [name] your message has no keyword here.',
      actions: {
        send_default_msg: true,
        reply_group_msgs: true,
        reply_unread_msgs: true,
        reply_msgs: true,
        multi_device: false,
        send_webhook: false,
      },
      active_days: {
        monday: true,
        tuesday: true,
        wednesday: true,
        thursday: true,
        friday: true,
        saturday: true,
        sunday: true,
      },
      active_hours: { from: 'always', to: 'always' },
      access_token: '…',
    },
    _id: '…',
    user_id: '…',
    session_id: '…',
    createdAt: '…',
    updatedAt: '…',
    __v: 0,
  },
};

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

/** The text with every id, token and time blanked out: what is left can be compared byte for byte. */
function blanked(text: string): string {
  return text
    .replace(/"[0-9a-f]{4}(-[0-9a-f]{4}){7}"/g, '"…"')
    .replace(/"[0-9a-f]{24}"/g, '"…"')
    .replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"…"');
}

describe('POST /whatsapp/createNewWhatsapp', () => {
  it("answers the customer's page byte for byte", async () => {
    const { headers } = account;
    const answer = await call(api, 'POST /whatsapp/createNewWhatsapp', { headers, json: {} });

    expect(answer.status).toBe(200);
    expect(blanked(answer.text)).toBe(JSON.stringify(CREATED_SAMPLE));
    expect(answer.text).toContain(`"user_id":"${account.accountId}"`);
  });

  it('makes ids that nobody guesses, and counts the instance in its shard', async () => {
    const instance = await anInstance(api, account);
    const { session_id, access_token } = instance.credentials;
    expect(session_id).toMatch(GROUPED_HEX);
    expect(access_token).toMatch(GROUPED_HEX);

    const shard = (await recordOf(api, instance))?.shard ?? Number.NaN;
    expect(await api.deps.instances.shardLoad(shard)).toBeGreaterThan(0);
  });

  it('needs a Bearer token', async () => {
    expect((await call(api, 'POST /whatsapp/createNewWhatsapp', { json: {} })).status).toBe(401);
  });
});

describe('GET /whatsapp', () => {
  it("answers the customer's page byte for byte, with the number once there is one", async () => {
    const linked = await aLinkedInstance(api, account);
    api.clock.now = new Date(api.clock.now.getTime() + 1);
    const fresh = await anInstance(api, account);
    const { headers } = account;
    const credentials = { session_id: '', access_token: '' };
    const answer = await call(api, 'GET /whatsapp', { headers, json: credentials });

    const { bot_lang, bot_name, ...settings } = CREATED_SAMPLE.data.settings;
    const times = { session_id: '…', createdAt: '…', updatedAt: '…', __v: 0 };
    const number = '2349040613521';
    expect(blanked(answer.text)).toBe(
      JSON.stringify({
        status: true,
        message: 'Whatsapp fetched successfully!',
        data: [
          {
            _id: '…',
            settings: {
              bot_number: number,
              bot_name: `WhatsappClient (${number})`,
              ...settings,
              status: 'CONNECTED',
            },
            ...times,
          },
          { _id: '…', settings: { bot_number: null, bot_name, ...settings }, ...times },
        ],
      }),
    );
    expect(answer.text).toContain(linked.id);
    expect(answer.text).toContain(fresh.id);
  });

  it('answers the one instance whose own token was sent', async () => {
    await anInstance(api, account);
    const instance = await anInstance(api, account);
    const answer = await call(api, 'GET /whatsapp', { json: instance.credentials });

    expect(answer.json).toMatchObject({ data: [{ _id: instance.id }] });
  });

  it('is empty for a new account', async () => {
    const { headers } = account;
    expect((await call(api, 'GET /whatsapp', { headers })).json).toMatchObject({ data: [] });
  });
});

describe('GET /whatsapp/instance', () => {
  it("answers the customer's page byte for byte", async () => {
    const instance = await aLinkedInstance(api, account);
    const answer = await call(api, `GET /whatsapp/instance/${instance.query}&format=base64`);

    expect(answer.text).toBe(
      JSON.stringify({
        status: true,
        message: 'Status checked successfully',
        data: {
          error: false,
          message: 'Instance fetched successfully',
          instance_data: {
            instance_key: instance.credentials.session_id,
            phone_connected: true,
            webhookUrl: null,
            user: LINKED_USER,
          },
        },
      }),
    );
  });

  it('has an empty user and no connection before a phone is linked', async () => {
    const instance = await anInstance(api, account);
    const answer = await call(api, `GET /whatsapp/instance${instance.query}`);

    expect(answer.json).toMatchObject({
      data: { instance_data: { phone_connected: false, user: {} } },
    });
  });
});
