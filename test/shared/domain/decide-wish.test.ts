import { describe, expect, it } from 'vitest';
import { decideInit, decideLogout, decidePairing, decideSend } from '#shared/domain/decide-wish.ts';
import { DesiredState, InstanceStatus } from '#shared/domain/instance.ts';
import { A_USER, anInstance } from './an-instance.ts';

const every = InstanceStatus.options.flatMap((status) =>
  DesiredState.options.map((desired) => ({ status, desired })),
);

describe('decideInit', () => {
  it('has nothing to do only for a session that is up and wanted', () => {
    const idle = every.filter((change) => decideInit(anInstance(change)).kind === 'nothing_to_do');

    expect(idle).toEqual([{ status: 'CONNECTED', desired: 'ON' }]);
  });
});

describe('decideSend', () => {
  it.each([A_USER, undefined])('accepts for every session that somebody has asked for', (user) => {
    for (const change of every) {
      const isLoggedOut = change.status === 'LOGGED_OUT' || change.desired === 'LOGGED_OUT';
      const waitsForNobody = user === undefined && change.desired === 'OFF';
      const decision = decideSend(anInstance({ ...change, ...(user && { user }) }));
      expect(decision.kind).toBe(isLoggedOut || waitsForNobody ? 'refuse' : 'accept');
    }
  });
});

describe('decidePairing and decideLogout', () => {
  const linked = { pairing: 'already_linked', logout: 'wait' };
  const notLinked = { pairing: 'request', logout: 'done' };

  it.each(every)('agree on what is linked: $status, wanted $desired', (change) => {
    const decisions = [anInstance({ ...change, user: A_USER }), anInstance(change)].map(
      (instance) => ({
        pairing: decidePairing(instance).kind,
        logout: decideLogout(instance).kind,
      }),
    );

    expect(decisions).toEqual([
      change.status === 'LOGGED_OUT' ? notLinked : linked,
      change.status === 'CONNECTED' ? linked : notLinked,
    ]);
  });
});
