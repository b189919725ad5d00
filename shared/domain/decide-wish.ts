import type { Instance } from './instance.ts';

/** The runner acts when the wish changes; on a session that is up and wanted, `init` has nothing to do. */
export function decideInit({ desired, status }: Instance): { kind: 'wish' | 'nothing_to_do' } {
  return { kind: desired === 'ON' && status === 'CONNECTED' ? 'nothing_to_do' : 'wish' };
}

/** A phone can be paired only while the instance has none. */
export function decidePairing(instance: Instance): { kind: 'request' | 'already_linked' } {
  return { kind: isLinked(instance) ? 'already_linked' : 'request' };
}

/** Only a linked device has to be taken off the phone, which takes a moment. */
export function decideLogout(instance: Instance): { kind: 'wait' | 'done' } {
  return { kind: isLinked(instance) ? 'wait' : 'done' };
}

export type SendDecision =
  | { readonly kind: 'accept' }
  | { readonly kind: 'refuse'; readonly reason: string };

/** Messages wait for a session that is down, but not for one that nobody has asked for. */
export function decideSend({ desired, status, user }: Instance): SendDecision {
  if (status === 'LOGGED_OUT' || desired === 'LOGGED_OUT') {
    return {
      kind: 'refuse',
      reason: 'The instance is logged out. Call /whatsapp/init and link a phone first.',
    };
  }
  if (user === undefined && desired === 'OFF') {
    return {
      kind: 'refuse',
      reason: 'No phone is linked, and none is waited for. Call /whatsapp/init and link one first.',
    };
  }
  return { kind: 'accept' };
}

function isLinked({ status, user }: Instance): boolean {
  return status === 'CONNECTED' || (user !== undefined && status !== 'LOGGED_OUT');
}
