import { DomainError } from '#shared/domain/error.ts';
import type { Operation } from '../http/define-route.ts';

/** Takes every call that no route takes, whatever its body is. */
export const refuseRoute: Operation<'none'> = {
  auth: 'none',
  async handle() {
    throw new DomainError('route_not_found', 'There is no such route.');
  },
};
