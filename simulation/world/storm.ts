import type { Cut } from '../faults/link.ts';
import { FAIR } from '../faults/link.ts';
import type { Fleet } from './fleet.ts';
import { type Machine, SERVICES } from './machine.ts';
import type { World } from './world.ts';

const CALM_FIRST_MS = 10_000;
const PAUSE_MS = { min: 1_000, max: 60_000 } as const;
const PARTITION_MS = { min: 2_000, max: 60_000 } as const;
const CUTS: readonly Cut[] = ['requests', 'answers', 'both'];
/** While a service throttles a machine, so many of its calls in one. */
const THROTTLED = 0.3;
const THROTTLING_MS = { min: 5_000, max: 40_000 } as const;
/** Until a keep-alive that is not answered ends a connection. */
const SILENCE_MS = { min: 15_000, max: 35_000 } as const;

/** Sets all that breaks in a simulation, each at a time of its own, on whichever machine there is then. */
export function brewStorm(world: World, fleet: Fleet): void {
  const { time, chance, sizes } = world;
  const endMs = sizes.minutes * 60_000;
  const often = (count: number, work: (machine: Machine) => void) => {
    for (let n = 0; n < count; n += 1) {
      time.after(chance.between(CALM_FIRST_MS, endMs), () => {
        const { machines } = fleet;
        if (machines.length > 0) work(chance.pick(machines));
      });
    }
  };
  often(sizes.kills, (machine) => fleet.kill(machine));
  often(sizes.pauses, (machine) => pause(machine, world));
  often(sizes.partitions, (machine) => partition(machine, world));
  often(sizes.partitions, (machine) => throttle(machine, world));
  often(sizes.drains, (machine) => {
    world.ledger.count('drains');
    world.story.tell(() => `SIGTERM ${machine.host.name}`);
    machine.drain();
  });
  often(sizes.hangUps, () => {
    const { instanceId } = chance.pick(world.whatsapp.devices);
    world.story.tell(() => `WhatsApp hangs up on ${instanceId.slice(-4)}`);
    world.whatsapp.hangUp(instanceId);
  });
  time.after(endMs, () => clearUp(world, fleet));
}

function pause({ host }: Machine, { chance, ledger, story }: World): void {
  if (!host.isUp) return;
  const forMs = chance.between(PAUSE_MS.min, PAUSE_MS.max);
  ledger.count('pauses');
  story.tell(() => `PAUSE ${host.name} for ${(forMs / 1_000).toFixed(1)} s`);
  host.pause(forMs);
}

function partition(machine: Machine, { time, chance, ledger, story }: World): void {
  const { host, weather } = machine;
  const service = chance.pick(SERVICES);
  const cut = chance.pick(CUTS);
  const forMs = chance.between(PARTITION_MS.min, PARTITION_MS.max);
  ledger.count('partitions');
  story.tell(() => `CUT ${host.name} from ${service}, ${cut}, for ${(forMs / 1_000).toFixed(1)} s`);
  weather[service].cut = cut;
  time.after(forMs, () => {
    weather[service].cut = undefined;
  });
  if (service !== 'whatsapp') return;
  for (const socket of machine.sockets) {
    const noticedMs = chance.between(SILENCE_MS.min, SILENCE_MS.max);
    host.after(noticedMs, () => {
      if (noticedMs < forMs) socket.lose();
    });
  }
}

function throttle({ host, weather }: Machine, { time, chance, story, isStormy }: World): void {
  if (!isStormy) return;
  const service = chance.pick(['table', 'blobs', 'queue'] as const);
  const before = weather[service].throttled;
  story.tell(() => `${service} throttles ${host.name}`);
  weather[service].throttled = THROTTLED;
  time.after(chance.between(THROTTLING_MS.min, THROTTLING_MS.max), () => {
    weather[service].throttled = Math.min(before, weather[service].throttled);
  });
}

function clearUp(world: World, fleet: Fleet): void {
  world.isStormy = false;
  world.story.tell(() => 'The storm is over.');
  for (const { weather } of fleet.machines) {
    for (const service of SERVICES) Object.assign(weather[service], FAIR);
  }
}
