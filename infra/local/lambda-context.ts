import type { Context } from 'aws-lambda';

/** The context that Lambda gives to a call that may take `timeoutMs` from `startedAt` on. */
export function lambdaContext(call: {
  name: string;
  requestId: string;
  startedAt: Date;
  timeoutMs: number;
  now: () => Date;
}): Context {
  const { name, requestId, startedAt, timeoutMs, now } = call;
  const endsAtMs = startedAt.getTime() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
    memoryLimitInMB: '1024',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, endsAtMs - now().getTime()),
    // Callback style, which Lambda's Node 24 runtime no longer has.
    done: noop,
    fail: noop,
    succeed: noop,
  };
}

function noop(): void {}
