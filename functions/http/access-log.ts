import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CallContext } from './call-notes.ts';
import type { Reply } from './reply.ts';

type Middleware = MiddlewareObj<APIGatewayProxyEventV2, Reply, Error, CallContext>;

/** From here on the fault is ours. */
const SERVER_ERROR = 500;

/**
 * One line for every call, with the error of one that failed by our fault. The route stands for the path: paths
 * and queries hold ids and tokens.
 */
export function accessLog(): Middleware {
  const writeLine: NonNullable<Middleware['after']> = ({ context, response, error }) => {
    const { deps, notes, startedAt } = context;
    const { accountId, instanceId, messageId } = notes;
    const ms = deps.now().getTime() - startedAt.getTime();
    const line = { status: response?.status, ms, accountId, instanceId, messageId };
    if ((response?.status ?? SERVER_ERROR) >= SERVER_ERROR) {
      deps.logger.error({ ...line, err: error }, 'The call failed.');
    } else {
      deps.logger.info(line, 'Answered a call.');
    }
  };
  return { after: writeLine, onError: writeLine };
}
