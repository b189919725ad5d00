const SERVER_FAULT_MIN = 500;

/** Calls of which an attempt had no answer: the SDK's own contexts, and the rounds of `retryPassing` around them. */
const uncertainCalls = new WeakSet<object>();
const laterFaults = new WeakSet<object>();

/** Where `watchAttempt` stands in the SDK's stack: inside the retries, so that it sees every attempt. */
export const EVERY_ATTEMPT = {
  name: 'watchAttempt',
  step: 'finalizeRequest',
  priority: 'low',
  override: true,
} as const;

/**
 * Lets the SDK's retries be judged: when an attempt had no answer, or a 5xx, the service may have done what was asked,
 * and a later attempt that is refused may have met its own success. `followsLostAnswer` knows such a refusal.
 */
export async function watchAttempt<T>(call: object, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    if (uncertainCalls.has(call)) laterFaults.add(cause);
    if (isLost(cause) || laterFaults.has(cause)) uncertainCalls.add(call);
    throw cause;
  }
}

/** Whether an attempt before the one that failed so may have done what was asked. */
export function followsLostAnswer(fault: unknown): boolean {
  return fault instanceof Error && laterFaults.has(fault);
}

/** A fault that is no answer of the service has no status. */
function isLost(fault: Error & { $metadata?: { httpStatusCode?: number } }): boolean {
  const status = fault.$metadata?.httpStatusCode;
  return status === undefined || status >= SERVER_FAULT_MIN;
}
