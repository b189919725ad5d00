import { AwsClient } from 'aws4fetch';
import * as z from 'zod';
import { readInvokeEnv } from './env.ts';
import type { InvokeGroup } from './forward-end-slash.ts';

/** As long as the Lambdas of the groups may take. */
const TIMEOUT_MS = 29_000;
/** A call that was cut off may have been done: only the caller knows whether to make it again. */
const RETRIES = 0;

/** What the Lambdas of the groups answer (payload format 2.0). */
const Result = z.looseObject({ statusCode: z.int() });

/**
 * Asks Lambda, by its Invoke API. The SDK's client would be most of the bundle, for one call.
 * Throws when the group's Lambda failed, as its own caller would see it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export const invokeGroup: InvokeGroup = async (group, event) => {
  const { functions, endpoint, credentials } = readInvokeEnv();
  const client = new AwsClient({ ...credentials, service: 'lambda', retries: RETRIES });
  const url = `${endpoint}/2015-03-31/functions/${functions[group]}/invocations`;
  const response = await client.fetch(url, {
    method: 'POST',
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const fault = response.headers.get('x-amz-function-error');
  if (!response.ok || fault !== null) {
    throw new Error(`The Lambda of ${group} failed: ${fault ?? response.status}.`);
  }
  return Result.parse(await response.json());
};
