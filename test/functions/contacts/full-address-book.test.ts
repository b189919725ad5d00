import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { CONTACTS_MAX } from '#shared/repositories/contact-repository.ts';
import { keys } from '#shared/repositories/keys.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { anAccount, call, dataOf, errorOf } from '../callers.ts';

const ROUTE = '/whatsapp/contacts';
const Created = z.object({ _id: z.string() });

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});

it('takes no more contacts until one is deleted, and shuts out nobody else', async () => {
  const [full, other] = [await anAccount(api), await anAccount(api)];
  const json = { fullName: 'Jane', phoneNumber: '15550000001' };
  const create = async ({ headers } = full) => await call(api, `POST ${ROUTE}`, { headers, json });
  const { _id } = dataOf(await create(), Created);
  const count = { kind: 'update', key: keys.contacts(full.accountId) } as const;
  await api.storage.table.write({ ...count, set: { count: CONTACTS_MAX } });

  const refused = await create();
  expect([refused.status, errorOf(refused).code]).toEqual([409, 'too_many_contacts']);
  expect((await create(other)).status).toBe(201);
  const { headers } = full;
  expect((await call(api, `PUT ${ROUTE}/${_id}`, { headers, json })).status).toBe(200);
  await call(api, `DELETE ${ROUTE}/${_id}`, { headers });
  expect((await create()).status).toBe(201);
  expect((await create()).status).toBe(409);
});
