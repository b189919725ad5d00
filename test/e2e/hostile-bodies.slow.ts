import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HTTP_STATUS } from '#functions/http/error-reply.ts';
import { routes } from '#functions/routes.ts';
import type { ErrorCode } from '#shared/domain/error.ts';
import { type ApiUnderTest, startApi } from '../functions/api-under-test.ts';
import {
  type Account,
  type Answer,
  aLinkedInstance,
  anAccount,
  call,
  errorOf,
  type OwnedInstance,
} from '../functions/callers.ts';
import { GOOD_BODIES } from './good-bodies.ts';
import { hostileBodies } from './hostile-bodies.ts';
import { inLanes } from './in-lanes.ts';

const BODIES = 10_000;
const SEED = 20_261_125;
/** Of what is sent, so much at least is to be refused, or it was not hostile. */
const REFUSED_MIN = BODIES / 2;

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

const withBody = routes.filter((route) => route.method === 'POST' || route.method === 'PUT');

it('refuses ten thousand hostile bodies by a 4xx that says what is wrong, and fails at none', async () => {
  const perRoute = Math.ceil(BODIES / withBody.length);
  const calls = withBody.flatMap(({ method, path, operation }) =>
    fc
      .sample(hostileBodies(GOOD_BODIES[operation]), { seed: SEED, numRuns: perRoute })
      .map((body) => ({ route: `${method} ${filled(path)}`, body })),
  );
  const wrong: unknown[] = [];
  let refused = 0;
  await inLanes(calls, async ({ route, body: { bytes, contentType } }) => {
    const headers = { ...account.headers, ...(contentType && { 'content-type': contentType }) };
    const answer = await call(api, `${route}${instance.query}`, { headers, body: bytes });
    const fault = faultOf(answer);
    if (answer.status >= 400) refused += 1;
    if (fault) wrong.push({ fault, route, contentType, body: bytes.toString().slice(0, 300) });
  });
  expect(wrong).toEqual([]);
  expect(calls.length).toBeGreaterThanOrEqual(BODIES);
  expect(refused).toBeGreaterThan(REFUSED_MIN);
  expect(Object.getPrototypeOf({})).not.toHaveProperty('isAdmin');
}, 60_000);

/** What names something that is there; but for calls that read no body, and would all do the same at once. */
function filled(path: string): string {
  const isBodiless = /\/(rotate|test)$/.test(path);
  return path.replace('{id}', instance.id).replace('{webhookId}', isBodiless ? 'none' : 'main');
}

/** What is wrong with the answer itself. */
function faultOf(answer: Answer): string | undefined {
  const { status, text } = answer;
  if (status < 400) return undefined;
  const { code, details = [] } = errorOf(answer);
  // There is no runner here: what was good enough to be asked of one waits in vain.
  if (code === 'runner_timeout') return undefined;
  const isKnown = HTTP_STATUS[code as ErrorCode] === status;
  if (status >= 500 || !isKnown) return `${status} ${text}`;
  const isTold =
    details.length > 0 && details.every(({ path, message }) => path !== '' && message !== '');
  return code === 'validation_failed' && !isTold ? text : undefined;
}
