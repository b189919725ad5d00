/**
 * What the clients of all services share. Every attempt has an end, so that a dead connection costs seconds and not the
 * SDK's default of minutes.
 */

/** A connection inside AWS takes a few milliseconds, with TLS some twenty; a lost SYN is sent again after one second. */
const CONNECT_TIMEOUT_MS = 1_000;
/** The first try and three more: the SDK waits 50 ms before the second (1 s when throttled), doubled, with jitter. */
const ATTEMPTS_MAX = 4;

/** Where the service is and who asks; whatever is missing the SDK finds in the environment. */
export type SdkTarget = {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

export type SdkLimits = {
  /** For the whole of an attempt, from its start to the head of the answer. */
  readonly requestTimeoutMs: number;
  /** For a silence on the socket, also in the middle of a body. */
  readonly silenceMs: number;
  readonly socketsMax: number;
};

/** `standard` retries throttling, 5xx and lost connections; `adaptive` would slow down all for one hot partition. */
export function sdkSettings(target: SdkTarget, limits: SdkLimits) {
  const agent = { keepAlive: true, maxSockets: limits.socketsMax };
  return {
    ...target,
    retryMode: 'standard',
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: limits.requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: limits.silenceMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
