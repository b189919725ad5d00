import { pino } from 'pino';
import { expect, it } from 'vitest';
import { FAIR } from '#simulation/faults/link.ts';
import { Host } from '#simulation/time/host.ts';
import { SimSocket } from '#simulation/whatsapp/sim-socket.ts';
import { SMALL } from '#simulation/world/sizes.ts';
import { makeWorld } from '#simulation/world/world.ts';
import { openState } from '../runner/journal/state-for-test.ts';

it('leaves the state alone when it was closed before it had connected', async () => {
  const world = makeWorld({ seed: 1, sizes: SMALL });
  const { time, chance, whatsapp, ledger } = world;
  const host = new Host('one', time, chance);
  const { state: auth } = await openState();
  const nothing = () => undefined;
  const socket = new SimSocket(
    {
      instanceId: 'a',
      auth,
      listener: {
        onQr: nothing,
        onLinked: nothing,
        onOpen: nothing,
        onMessage: nothing,
        onAck: nothing,
        onReceipt: nothing,
        onNotice: nothing,
      },
      mayAct: () => true,
      findMessage: async () => undefined,
      now: () => new Date(host.monotonicMs),
      sleep: (delayMs) => host.sleep(delayMs),
      log: pino({ level: 'silent' }),
    },
    { host, weather: { ...FAIR }, whatsapp, chance, ledger, leavesOut: new Set() },
  );
  void socket.close('stopped');
  await time.runUntil(60_000);
  expect(await socket.closed).toBe('stopped');
  expect(auth.all('creds')).toEqual({});
});
