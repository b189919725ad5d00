import type { ApiRequest } from './read-request.ts';
import { validationFailed } from './validate.ts';

/** Below API Gateway's 30 s, so that the caller gets our answer and not the gateway's. */
const WAIT_S_MAX = 20;

/** Names are read in any case, and what they say may stand in quotes. */
const REPRESENTATION = /^return\s*=\s*("?)representation\1$/i;

/** What a caller prefers of the answer (RFC 7240). */
export type Preferences = {
  /** The whole body, where there would be none. */
  readonly representation: boolean;
  /** How long the answer may wait for what it tells of, in seconds. 0 is not at all; `undefined` is not said. */
  readonly waitS: number | undefined;
};

/** Reads `Prefer: return=representation, wait=10`. What else is preferred is ignored. Throws `validation_failed`. */
export function readPreferences({ headers }: Pick<ApiRequest, 'headers'>): Preferences {
  const preferences = (headers['prefer'] ?? '').split(/[,;]/).map((text) => text.trim());
  return {
    representation: preferences.some((text) => REPRESENTATION.test(text)),
    waitS: readWait(preferences),
  };
}

function readWait(preferences: readonly string[]): number | undefined {
  const text = preferences.find((preference) => /^wait\s*=/i.test(preference));
  if (text === undefined) return undefined;
  const waitS = Number(/^wait\s*=\s*"?(\d{1,3})"?$/i.exec(text)?.[1] ?? Number.NaN);
  if (waitS <= WAIT_S_MAX) return waitS;
  const message = `must have wait=0 to wait=${WAIT_S_MAX}, in seconds`;
  throw validationFailed([{ path: 'headers.prefer', message }]);
}
