import { DomainError } from '#shared/domain/error.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';

/** Answers 200 when the storage does, and 503 when not. */
export const checkHealth = defineRoute({
  auth: 'none',
  async run(_input, { checkStorage, now }: Pick<Deps, 'checkStorage' | 'now'>) {
    try {
      await checkStorage();
    } catch (cause) {
      throw new DomainError('unavailable', 'The storage does not answer.', { cause });
    }
    return ok('ok', { storage: 'ok', time: now().toISOString() });
  },
});
