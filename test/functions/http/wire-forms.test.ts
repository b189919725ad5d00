import { gzipSync } from 'node:zlib';
import { FormData } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  aLinkedInstance,
  anAccount,
  type CallOptions,
  call,
  errorOf,
  faultPaths,
  type OwnedInstance,
} from '../callers.ts';

const URLENCODED = { 'content-type': 'application/x-www-form-urlencoded' };
const MESSAGE = { chatId: '2349011668758', message: 'Größe 😀 & so' };

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi({ config: { allowPrivateUrls: true } });
  account = await anAccount(api);
  instance = await aLinkedInstance(api, account);
});
afterAll(async () => {
  await api.close();
});

async function send(options: CallOptions, query = ''): Promise<Answer> {
  return await call(api, `POST /whatsapp/message${query}`, options);
}

function formData(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

describe('a body', () => {
  const fields = () => ({ ...instance.credentials, ...MESSAGE });
  const forms: Record<string, () => CallOptions> = {
    "JSON as curl's --data sends it": () => ({ json: fields() }),
    'JSON that says so': () => ({
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(fields()),
    }),
    'JSON without a content type': () => ({ body: JSON.stringify(fields()) }),
    'JSON with white space around it': () => ({
      headers: URLENCODED,
      body: `\r\n  ${JSON.stringify(fields(), null, 4)}\n`,
    }),
    'a urlencoded form': () => ({
      headers: URLENCODED,
      body: new URLSearchParams(fields()).toString(),
    }),
    'a multipart form': () => ({ body: formData(fields()) }),
  };

  it.each(Object.entries(forms))('may be %s', async (_name, options) => {
    const answer = await send(options());

    expect(answer.status).toBe(200);
    expect(answer.text).toContain(MESSAGE.message);
  });

  it('may come with a GET', async () => {
    const answer = await call(api, 'GET /whatsapp/instance', { json: instance.credentials });
    expect(answer.status).toBe(200);
  });

  it('may hold booleans and objects as text when it is a form', async () => {
    const config = JSON.stringify({ setWebhook: 'true', webhookUrl: 'http://localhost:9/form' });
    const json = { ...instance.credentials, config };
    const form = await call(api, 'POST /whatsapp/init', { body: formData(json) });
    expect(form.status).toBe(204);
    const endpoint = await api.deps.endpoints.get({ instanceId: instance.id }, 'main');
    expect(endpoint?.url).toBe('http://localhost:9/form');

    const strict = await call(api, 'POST /whatsapp/init', { json });
    expect(faultPaths(strict)).toEqual(['config']);
  });

  it('may hold lists as text when it is a form, where one thing is as good as a list', async () => {
    const webhook = { webhook_url: 'http://localhost:9/form', events: '["onAck", "message"]' };
    const set = await call(api, `PUT /whatsapp/setWebhook${instance.query}`, {
      body: formData(webhook),
    });
    expect(set.status).toBe(204);
    const endpoint = await api.deps.endpoints.get({ instanceId: instance.id }, 'main');
    expect(endpoint?.events).toEqual(['onMessage', 'onAck']);

    const rule = { keywords: '["a", "[b"]', reply: '{"type": "text", "message": "x"}' };
    const made = await call(api, `POST /whatsapp/keywords${instance.query}`, {
      body: formData(rule),
    });
    expect(made.json).toMatchObject({ data: { keywords: ['a', '[b'] } });

    const read = await call(api, `POST /whatsapp/message/read${instance.query}`, {
      body: formData({ messageId: '["3EB0", 5]' }),
    });
    expect(faultPaths(read)).toEqual(['messageId']);
  });

  it('may hold lists and objects in brackets when it is a form', async () => {
    const poll = new FormData();
    for (const [name, value] of [
      ...Object.entries({ ...instance.credentials, chatId: MESSAGE.chatId, name: 'Lunch?' }),
      ...[0, 1].map((n) => ['options[]', `option ${n}`] as const),
    ]) {
      poll.append(name, value);
    }
    const asked = await call(api, 'POST /whatsapp/message/poll', { body: poll });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('"options":[{"optionName":"option 0"},{"optionName":"option 1"}]');

    const place = { ...fields(), 'location[lat]': '6.5', 'location[lng]': '3.25' };
    const sent = await send({ headers: URLENCODED, body: new URLSearchParams(place).toString() });
    expect(sent.status).toBe(200);
    expect(sent.text).toContain('"degreesLatitude":6.5,"degreesLongitude":3.25');

    const attached = { ...fields(), 'attachments[]': '64ac311eee05a1a2c27fbdb5' };
    const missing = await send({ body: formData(attached) });
    expect([missing.status, faultPaths(missing)]).toEqual([404, ['attachments.0']]);
  });

  it('may hold a file where no file is wanted, and is told so', async () => {
    const form = formData({ ...instance.credentials, chatId: MESSAGE.chatId });
    form.append('message', new Blob(['x']), 'x.txt');
    const answer = await send({ body: form });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['message']);
  });

  it.each([
    ['{"chatId": x}', 'position 11 (line 1, column 12)'],
    ['{"chatId":\n "1",}', 'position 16 (line 2, column 6)'],
    ['{"chatId": "1', 'position 13'],
    ['[1, 2]', 'must be a JSON object'],
    ['"text"', 'must be a JSON object'],
    ['nonsense', 'position 1 '],
    ['xyz', 'position 0 '],
  ])('that is malformed, %j, is refused and told where', async (body, words) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await send({ headers, body });

    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('malformed_body');
    expect(answer.text).toContain(words);
  });

  it.each([
    ['multipart/form-data; boundary=x', 'no form'],
    ['multipart/form-data', 'no boundary'],
    ['application/json', '{"__proto__": {"status": true}}'],
    ['application/json', '{"config": {"constructor": {}}}'],
    ['application/json', `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`],
    ['application/json', JSON.stringify({ a: Array(10_001).fill(0) })],
    ['application/x-www-form-urlencoded', '__proto__=1'],
    ['application/x-www-form-urlencoded', '__proto__[a]=1'],
    ['application/x-www-form-urlencoded', 'constructor[]=1'],
    ['application/x-www-form-urlencoded', 'a[__proto__]=1'],
    ['application/x-www-form-urlencoded', 'a=1&'.repeat(1001)],
  ])('of type %s that is hostile is refused', async (contentType, body) => {
    const answer = await send({ headers: { 'content-type': contentType }, body });

    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe('malformed_body');
  });

  it.each(['application/octet-stream', 'application/json', 'text/plain'])(
    'of type %s that is not UTF-8 is refused',
    async (contentType) => {
      const headers = { 'content-type': contentType };
      const json = JSON.stringify({ ...fields(), message: 'é' });
      const answer = await send({ headers, body: Buffer.from(json, 'latin1') });
      expect(errorOf(answer).code).toBe('malformed_body');
    },
  );

  it('that is a form is refused when its escapes are not UTF-8, and not when they are none', async () => {
    const form = (message: string) => ({
      headers: URLENCODED,
      body: `${new URLSearchParams({ ...fields(), message: '' })}${message}`,
    });
    expect(errorOf(await send(form('%e9t%e9'))).code).toBe('malformed_body');

    const sent = await send(form('100%+s%C3%BBr'));
    expect(sent.status).toBe(200);
    expect(sent.text).toContain('100% sûr');
  });

  it('that is compressed is refused, and told so', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const body = gzipSync(JSON.stringify(fields()));
    const answer = await send({ headers, body });

    expect([answer.status, errorOf(answer).code]).toEqual([415, 'unsupported_encoding']);
    expect(answer.headers['accept-encoding']).toBe('identity');
    const plain = await send({ headers: { 'content-encoding': 'Identity' }, json: fields() });
    expect(plain.status).toBe(200);
  });
});

describe('the credentials of an instance', () => {
  const places: Record<string, () => [string, CallOptions]> = {
    'the query': () => [instance.query, {}],
    'the query after a slash': () => [`/${instance.query}`, {}],
    'the body': () => ['', { json: instance.credentials }],
    'a form': () => ['', { body: formData(instance.credentials) }],
    'the headers': () => {
      const { session_id, access_token } = instance.credentials;
      return ['', { headers: { 'X-Session-Id': session_id, 'X-Instance-Token': access_token } }];
    },
    'the query and the same in the body': () => [instance.query, { json: instance.credentials }],
    'the body, with empty ones in the query': () => [
      '?session_id=&access_token=',
      { json: instance.credentials },
    ],
    'the query, where the last of several counts': () => [
      `?session_id=x&access_token=y&${instance.query.slice(1)}`,
      {},
    ],
    'two places, half in each': () => [
      `?session_id=${instance.credentials.session_id}`,
      { json: { access_token: instance.credentials.access_token } },
    ],
  };

  it.each(Object.entries(places))('may be in %s', async (_name, where) => {
    const [query, options] = where();
    const answer = await call(api, `GET /whatsapp/instance${query}`, options);

    expect(answer.status).toBe(200);
  });

  it('are refused when two places say different things', async () => {
    const other = await aLinkedInstance(api, account);
    const answer = await call(api, `GET /whatsapp/instance${instance.query}`, {
      json: other.credentials,
    });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['query.session_id', 'body.session_id']);
  });

  it('are refused when they are no text', async () => {
    const answer = await call(api, 'GET /whatsapp/instance', { json: { session_id: 5 } });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['body.session_id']);
  });

  it('are not needed beside the Bearer token, but the session id is', async () => {
    const { headers } = account;
    const { session_id } = instance.credentials;
    const named = await call(api, `GET /whatsapp/instance?session_id=${session_id}`, { headers });
    expect(named.status).toBe(200);

    const unnamed = await call(api, 'GET /whatsapp/instance?session_id=', { headers });
    expect(unnamed.status).toBe(400);
    expect(faultPaths(unnamed)).toEqual(['session_id']);
  });

  it('open the instance whatever the Bearer token is', async () => {
    const { headers } = await anAccount(api);
    const expired = { authorization: 'Bearer nonsense' };
    const path = `GET /whatsapp/instance${instance.query}`;

    expect((await call(api, path, { headers })).status).toBe(200);
    expect((await call(api, path, { headers: expired })).status).toBe(200);
  });

  it('are worth nothing when wrong, and the Bearer token counts', async () => {
    const { session_id } = instance.credentials;
    const wrong = { session_id, access_token: '0000-0000-0000-0000-0000-0000-0000-0000' };
    const path = 'GET /whatsapp/instance';

    expect((await call(api, path, { json: wrong })).status).toBe(401);
    const { headers } = account;
    expect((await call(api, path, { headers, json: wrong })).status).toBe(200);
  });

  it('say no more of an unknown session id than of a wrong token', async () => {
    const access_token = '0000-0000-0000-0000-0000-0000-0000-0000';
    const wrong = { session_id: instance.credentials.session_id, access_token };
    const unknown = { session_id: access_token, access_token };
    const path = 'GET /whatsapp/instance';
    const [one, two] = [
      await call(api, path, { json: wrong }),
      await call(api, path, { json: unknown }),
    ];

    expect(two.status).toBe(one.status);
    expect(two.text).toBe(one.text);
  });
});
