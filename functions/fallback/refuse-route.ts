import { DomainError } from '#shared/domain/error.ts';
import type { Operation } from '../http/define-route.ts';
import { methodsOf } from '../http/match-route.ts';
import { routes } from '../routes.ts';
import { routePathOf } from './route-path.ts';

/** Takes every call that no route takes, whatever its body is. */
export const refuseRoute: Operation<'none'> = {
  auth: 'none',
  async handle(event) {
    const allow = methodsOf(routes, routePathOf(event));
    if (allow.length === 0) throw new DomainError('route_not_found', 'There is no such route.');
    throw new DomainError(
      'method_not_allowed',
      `There is no ${event.requestContext.http.method} here, but ${allow.join(', ')}.`,
      { allow },
    );
  },
};
