import * as z from 'zod';
import { decidePairing } from '#shared/domain/decide-wish.ts';
import { DomainError } from '#shared/domain/error.ts';
import type { Instance, PairingAnswer, PairingRequest } from '#shared/domain/instance.ts';
import { PhoneNumber } from '#shared/domain/recipient.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { numberAsText } from '../http/number-as-text.ts';
import { ok } from '../http/reply.ts';
import { makeWish } from './make-wish.ts';
import { pollInstance } from './poll-instance.ts';

/** Below API Gateway's 30 s, so that the caller gets our answer and not the gateway's. */
const PAIRING_TIMEOUT_MS = 20_000;

type Needs = Pick<Deps, 'instances' | 'ringDoorbell' | 'logger' | 'newUlid' | 'now' | 'sleep'>;

/** The code that a person types into the phone to link it, instead of scanning. */
export const pairPhone = defineRoute({
  auth: 'instance',
  body: z.object({ phone: numberAsText(PhoneNumber) }),
  async run({ instance, body: { phone } }, deps: Needs) {
    if (decidePairing(instance).kind === 'already_linked') {
      throw new DomainError(
        'already_linked',
        'The instance is linked to a phone. Log it out to link another.',
      );
    }
    const answer = await requestPairing(instance, { requestId: deps.newUlid(), phone }, deps);
    return ok('Pairing code created successfully!', {
      code: requireCode(answer).replace(/^(.{4})(.{4})$/, '$1-$2'),
      expires_at: answer.expiresAt ?? null,
    });
  },
});

async function requestPairing(
  instance: Instance,
  pairingRequest: PairingRequest,
  deps: Needs,
): Promise<PairingAnswer> {
  const wished = await makeWish(instance, { desired: 'ON', pairingRequest }, deps);
  const answer = await pollInstance(
    wished,
    {
      timeoutMs: PAIRING_TIMEOUT_MS,
      look: (now) => answerTo(pairingRequest, now),
    },
    deps,
  );
  if (answer) return answer;
  throw new DomainError('runner_timeout', 'There was no pairing code in time. Try again.');
}

function answerTo(
  { requestId }: PairingRequest,
  instance: Instance | undefined,
): PairingAnswer | undefined {
  const answer = instance?.pairingAnswer;
  return answer?.requestId === requestId ? answer : undefined;
}

function requireCode({ code, reason = 'no reason was given' }: PairingAnswer): string {
  if (code !== undefined) return code;
  throw new DomainError('not_started', `WhatsApp gave no pairing code: ${reason}.`);
}
