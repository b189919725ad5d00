import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { DomainError } from '#shared/domain/error.ts';
import type { GetDeps } from '../deps.ts';
import type { CallContext } from './call-notes.ts';
import type { Reply } from './reply.ts';

type Middleware = MiddlewareObj<APIGatewayProxyEventV2, Reply, Error, CallContext>;

/**
 * One line for every call, and the error of one that failed by our fault. The route stands for the path: paths
 * and queries hold ids and tokens.
 */
export function accessLog(getDeps: GetDeps): Middleware {
  const writeLine: NonNullable<Middleware['after']> = async ({
    event,
    context,
    response,
    error,
  }) => {
    const { logger, now } = await getDeps();
    const line = {
      route: event.routeKey,
      status: response?.status,
      ms: now().getTime() - context.startedAt.getTime(),
      accountId: context.notes.accountId,
      requestId: event.requestContext.requestId,
    };
    if (error && !(error instanceof DomainError)) {
      logger.error({ ...line, err: error }, 'The call failed.');
    } else {
      logger.info(line, 'Answered a call.');
    }
  };
  return { after: writeLine, onError: writeLine };
}
