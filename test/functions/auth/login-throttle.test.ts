import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { type Account, anAccount, call, errorOf, PASSWORD } from '../callers.ts';

const WINDOW_MS = 15 * 60 * 1000;

let api: ApiUnderTest;
let account: Account;
beforeEach(async () => {
  api = await startApi();
  api.clock.now = new Date(Math.ceil(api.clock.now.getTime() / WINDOW_MS) * WINDOW_MS);
  account = await anAccount(api);
});
afterEach(async () => {
  await api.close();
});

async function login(password: string, email = account.email) {
  return await call(api, 'POST /auth/login', { json: { email, password } });
}

async function fail(times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i += 1) statuses.push((await login('wrong')).status);
  return statuses;
}

it('refuses an address after five failures, even with the right password', async () => {
  expect(await fail(5)).toEqual([401, 401, 401, 401, 401]);
  const answer = await login(PASSWORD);

  expect(answer.status).toBe(429);
  expect(errorOf(answer).code).toBe('too_many_requests');
  expect(answer.headers['retry-after']).toBe('900');
});

it('lets the address in again when the window is over', async () => {
  await fail(6);
  api.clock.now = new Date(api.clock.now.getTime() + WINDOW_MS);

  expect((await login(PASSWORD)).status).toBe(200);
});

it('forgets the failures after a success', async () => {
  await fail(4);
  expect((await login(PASSWORD)).status).toBe(200);

  expect(await fail(5)).toEqual([401, 401, 401, 401, 401]);
});

it('does not let many attempts at once past the limit', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => login('wrong')));

  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
});

it('refuses a source after fifty failures over many addresses, and counts no success', async () => {
  for (let i = 0; i < 10; i += 1) expect((await login(PASSWORD)).status).toBe(200);
  for (let i = 0; i < 50; i += 1) {
    expect((await login('wrong', `nobody-${i}@example.com`)).status).toBe(401);
  }

  expect((await login(PASSWORD)).status).toBe(429);
});
