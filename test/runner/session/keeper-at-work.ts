import { InstanceKeeper, type InstanceKeeperDeps } from '#runner/session/instance-keeper.ts';
import { purgeWebhooks } from '#runner/webhooks/purge-webhooks.ts';
import type { DesiredState, Instance } from '#shared/domain/instance.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { EventRepository } from '#shared/repositories/event-repository.ts';
import { UntoldRepository } from '#shared/repositories/untold-repository.ts';
import { openSessionHome } from './session-home.ts';

type Home = Awaited<ReturnType<typeof openSessionHome>>;

/** The keeper of an instance, with sessions whose connections the test scripts. */
export async function keeperAtWork(
  changes: Partial<Instance> = {},
  more: (home: Home) => Partial<InstanceKeeperDeps> = () => ({}),
) {
  const home = await openSessionHome(changes);
  const { instance, instances, messages, commands, clock, sleep, log, auth, openAuth } = home;
  const { table } = home.storage;
  const webhooks = {
    endpoints: new EndpointRepository(table),
    deliveries: new DeliveryRepository(table),
    events: new EventRepository(table),
    untold: new UntoldRepository(table),
  };
  const keeper = new InstanceKeeper(instance, {
    instances,
    commands,
    makeSession: (current) => home.makeSession(current),
    auth,
    purge: async () => {
      await messages.purge(instance.instanceId);
      await purgeWebhooks(instance.instanceId, webhooks);
    },
    now: clock.now,
    sleep: sleep.sleep,
    log,
    ...more(home),
  });
  return {
    ...home,
    ...webhooks,
    keeper,
    wish: async (desired: DesiredState) =>
      await instances.wish(instance, { desired, at: clock.now() }),
    /** Asks for a pairing code as the API does. */
    askForCode: async (requestId: string) =>
      await instances.wish(instance, {
        desired: 'ON',
        pairingRequest: { requestId, phone: '2348179803743' },
        at: clock.now(),
      }),
    /** Writes keys as of a linked device. */
    link: async () => {
      const auth = await openAuth();
      auth.stage({ creds: { creds: 'linked' } });
      await auth.flush();
    },
    stop: () => keeper.stop(),
  };
}
