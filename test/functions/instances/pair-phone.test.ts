import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PairingAnswer } from '#shared/domain/instance.ts';
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

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  instance = await anInstance(api, account);
});

async function pair(phone: unknown, of = instance) {
  return await call(api, 'POST /whatsapp/pair', { json: { ...of.credentials, phone } });
}

/** Answers the pairing request as a runner does, as soon as it is there. */
async function answerRequest(answer: Omit<PairingAnswer, 'requestId'>): Promise<void> {
  await expect
    .poll(async () => (await recordOf(api, instance))?.pairingRequest, { interval: 5 })
    .toBeDefined();
  const record = await recordOf(api, instance);
  const requestId = record?.pairingRequest?.requestId ?? '';
  const ref = { accountId: account.accountId, instanceId: instance.id };
  await api.deps.instances.answerPairing(ref, { requestId, ...answer });
}

describe('POST /whatsapp/pair', () => {
  it('asks the runner, and answers its code in two groups', async () => {
    const pairing = pair('+234 901 166 8758');
    const expiresAt = api.clock.now.toISOString();
    await answerRequest({ code: 'ABCDEFGH', expiresAt });
    const answer = await pairing;

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ data: { code: 'ABCD-EFGH', expires_at: expiresAt } });
    expect(await recordOf(api, instance)).toMatchObject({
      desired: 'ON',
      pairingRequest: { phone: '2349011668758' },
    });
  });

  it('does not take the answer to an earlier call', async () => {
    const ref = { accountId: account.accountId, instanceId: instance.id };
    await api.deps.instances.answerPairing(ref, { requestId: 'earlier', code: 'OLDOLDOL' });
    const answer = await pair(2349011668758);

    expect(answer.status).toBe(504);
    expect(errorOf(answer).code).toBe('runner_timeout');
  });

  it('says why WhatsApp gave no code', async () => {
    const pairing = pair('2349011668758');
    await answerRequest({ reason: 'too many attempts' });
    const answer = await pairing;

    expect(answer.status).toBe(409);
    expect(errorOf(answer).code).toBe('not_started');
    expect(answer.text).toContain('too many attempts');
  });

  it('is refused while a phone is linked, connected or not', async () => {
    const linked = await aLinkedInstance(api, account);
    expect(errorOf(await pair('2349011668758', linked)).code).toBe('already_linked');
    await report(api, linked, { status: 'DISCONNECTED' });
    expect((await pair('2349011668758', linked)).status).toBe(409);
  });

  it.each([undefined, '', 'abc', '12', '1234567890123456', 1.5])(
    'refuses %j as a phone',
    async (phone) => {
      const answer = await pair(phone);

      expect(answer.status).toBe(400);
      expect(faultPaths(answer)).toEqual(['phone']);
    },
  );
});
