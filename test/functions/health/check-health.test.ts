import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { call } from '../callers.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
});

it('is well while the storage answers', async () => {
  const answer = await call(api, 'GET /healthz');

  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ status: true, message: 'ok', data: { storage: 'ok' } });
});
