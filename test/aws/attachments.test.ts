import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { ApiClient } from '../../infra/local/api-client.ts';
import { postFile, Shown, View } from '../functions/attachments/attachment-calls.ts';
import { dataOf, errorOf } from '../functions/callers.ts';
import { apiUrlOf, readDeployment } from './deployment.ts';
import { deploymentFile } from './env.ts';
import { createAccountByOperator } from './operator.ts';

const PASSWORD = 'a password of the tests';
const ROUTE = '/whatsapp/attachments';

const Login = z.object({ data: z.object({ access_token: z.string() }) });
const Announced = z.object({
  data: z.object({
    _id: z.string(),
    upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
  }),
});
const One = z.object({ data: Shown });

let api: ApiClient;
let headers: Record<string, string>;

beforeAll(async () => {
  const url = apiUrlOf(await readDeployment(deploymentFile()));
  const email = `owner-${randomUUID()}@example.com`;
  await createAccountByOperator({ email, password: PASSWORD, home: ['--aws'] });
  const login = await new ApiClient(url).call('POST', '/auth/login', {
    email,
    password: PASSWORD,
  });
  const token = Login.parse(login.body).data.access_token;
  api = new ApiClient(url, token);
  headers = { authorization: `Bearer ${token}` };
});

async function shown(id: string): Promise<Shown> {
  return One.parse((await api.call('GET', `${ROUTE}/${id}`)).body).data;
}

it('keeps a file of a form, gives it back and takes it away, by the rights of the Lambda', async () => {
  const file = new Uint8Array(4_500_000).fill(7);
  const answer = await postFile(api, { headers }, file);
  expect(answer.status).toBe(201);
  const { _id } = dataOf(answer, View);

  const { url, state } = await shown(_id);
  expect(state).toBe('READY');
  const download = await fetch(url ?? '');
  expect(Buffer.from(await download.arrayBuffer()).equals(file)).toBe(true);
  expect((await api.call('DELETE', `${ROUTE}/${_id}`)).status).toBe(204);
  expect((await api.call('GET', `${ROUTE}/${_id}`)).status).toBe(404);
  expect((await fetch(url ?? '')).status).toBe(404);
});

it('says of a file that Lambda would not take, too, that it is too large', async () => {
  const answer = await postFile(api, { headers }, new Uint8Array(4_600_000));
  expect(answer.status).toBe(413);
  expect(errorOf(answer).code).toBe('payload_too_large');
});

it('takes an upload by its URL, and sees that it has come', async () => {
  const fields = { fileName: 'holiday.mp4', mimetype: 'video/mp4', size: 9 };
  const { _id, upload } = Announced.parse((await api.call('POST', ROUTE, fields)).body).data;
  expect(await shown(_id)).toMatchObject({ state: 'WAITING', url: null });

  const put = { method: 'PUT', headers: upload.headers, body: 'the bytes' };
  expect((await fetch(upload.url, put)).status).toBe(200);
  const { state, url } = await shown(_id);
  expect(state).toBe('READY');
  const download = await fetch(url ?? '');
  expect(download.headers.get('content-disposition')).toContain('holiday.mp4');
  expect(await download.text()).toBe('the bytes');
});
