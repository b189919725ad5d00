import type { InstanceStatus } from '#shared/domain/instance.ts';
import type { CloseReason } from './whatsapp-socket.ts';

export type ReconnectDecision =
  /** `status` is what is true while it waits. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly status: InstanceStatus }
  /** `erase`: the keys are worth nothing any more. */
  | { readonly kind: 'stop'; readonly status: InstanceStatus; readonly erase: boolean };

/** What has happened since the last connection that held. */
export type ReconnectHistory = {
  /** Connections in a row that failed, this one not counted. */
  readonly attempts: number;
  /** Connections that opened and did not hold, this one not counted. */
  readonly flaps: number;
  /** Times that another socket took our place, this one not counted. */
  readonly conflicts: number;
  /** Times that WhatsApp said it does not know the device, this one not counted. */
  readonly refusals: number;
  /** Times that all codes ran out unscanned, this one not counted. */
  readonly expiries: number;
};

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** A 401 is believed when a second login gets it too: it ends in a new scan, the dearest thing we can ask for. */
const REFUSALS_BELIEVED = 2;
/** Some three minutes each (6 codes), then somebody must ask again. */
const PAIRING_ROUNDS_MAX = 3;
/** A line that breaks now and then is taken up at once; one that goes on breaking is waited for. */
const FLAPS_FORGIVEN = 5;
/** A server that asks for restart after restart is waited for. */
const AT_ONCE_MAX = 3;
/** Somebody else uses these keys: a fight would only log both out. */
const CONFLICT_DELAYS_MS = [1 * MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS];

export const FRESH: ReconnectHistory = {
  attempts: 0,
  flaps: 0,
  conflicts: 0,
  refusals: 0,
  expiries: 0,
};

/** The history when a connection has opened: it was known, and what counts now is how often it broke before. */
export function historyOnOpen(before: ReconnectHistory): ReconnectHistory {
  const attempts = Math.max(0, before.flaps - FLAPS_FORGIVEN);
  return { ...before, attempts, refusals: 0, expiries: 0 };
}

/** The history after a connection that did not hold. */
export function historyAfter(
  { reason, wasOpen }: { reason: CloseReason; wasOpen: boolean },
  before: ReconnectHistory,
): ReconnectHistory {
  return {
    attempts: before.attempts + 1,
    flaps: before.flaps + (wasOpen ? 1 : 0),
    conflicts: before.conflicts + (reason === 'replaced' ? 1 : 0),
    refusals: before.refusals + (reason === 'logged_out' ? 1 : 0),
    expiries: before.expiries + (reason === 'pairing_expired' ? 1 : 0),
  };
}

/** `jitter` is in [0, 1): the caller draws it, so that this stays a function of its arguments. */
export function decideReconnect(
  reason: CloseReason,
  history: ReconnectHistory,
  jitter: number,
): ReconnectDecision {
  const waiting = (least: number, most: number): ReconnectDecision => ({
    kind: 'retry',
    delayMs: backOff({ least, most, attempts: history.attempts }, jitter),
    status: 'DISCONNECTED',
  });
  switch (reason) {
    case 'restart_required':
    case 'ack_timeout':
      return history.attempts < AT_ONCE_MAX
        ? { kind: 'retry', delayMs: 0, status: 'CONNECTING' }
        : waiting(0.5 * SECOND_MS, 1 * MINUTE_MS);
    case 'connection_lost':
      return waiting(0.5 * SECOND_MS, 1 * MINUTE_MS);
    case 'bad_session':
    case 'storage_failed':
      return waiting(1 * SECOND_MS, 5 * MINUTE_MS);
    case 'unavailable':
    case 'handshake_failed':
      return waiting(3 * SECOND_MS, 5 * MINUTE_MS);
    case 'outdated_client':
    case 'overtaken':
      return waiting(1 * MINUTE_MS, 30 * MINUTE_MS);
    case 'replaced': {
      const delayMs = CONFLICT_DELAYS_MS[history.conflicts] ?? 30 * MINUTE_MS;
      return { kind: 'retry', delayMs, status: 'CONFLICT' };
    }
    case 'logged_out':
      return history.refusals + 1 < REFUSALS_BELIEVED
        ? { kind: 'retry', delayMs: 1 * SECOND_MS, status: 'DISCONNECTED' }
        : { kind: 'stop', status: 'LOGGED_OUT', erase: true };
    case 'pairing_expired':
      return history.expiries + 1 < PAIRING_ROUNDS_MAX
        ? { kind: 'retry', delayMs: 0, status: 'CONNECTING' }
        : { kind: 'stop', status: 'DISCONNECTED', erase: false };
    case 'forbidden':
      return { kind: 'stop', status: 'FORBIDDEN', erase: false };
    case 'journal_corrupt':
      return { kind: 'stop', status: 'QUARANTINED', erase: false };
    case 'stopped':
      return { kind: 'stop', status: 'DISCONNECTED', erase: false };
  }
}

/** Twice as long each time, the upper half by chance, so that sessions lost together do not come back together. */
function backOff(
  { least, most, attempts }: { least: number; most: number; attempts: number },
  jitter: number,
): number {
  const ceilingMs = Math.min(most, least * 2 ** attempts);
  return Math.round(ceilingMs * (0.5 + jitter / 2));
}
