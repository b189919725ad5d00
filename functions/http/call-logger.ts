import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Logger } from '#shared/log/create-logger.ts';
import { readTraceId } from '../env.ts';

type Call = { readonly event: APIGatewayProxyEventV2; readonly context: Context };

/** Whether this process has answered a call. */
let isWarm = false;

/** A logger whose lines name the call: the route, API Gateway's id of it, and Lambda's with Powertools' keys. */
export function callLogger({ event, context }: Call, logger: Logger): Logger {
  const isColdStart = !isWarm;
  isWarm = true;
  return logger.child({
    route: event.routeKey,
    requestId: event.requestContext.requestId,
    cold_start: isColdStart,
    function_name: context.functionName,
    function_request_id: context.awsRequestId,
    xray_trace_id: readTraceId(),
  });
}
