import type { FailPoints } from '../faults/fail-points.ts';
import { Chance } from '../time/chance.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { SimWhatsApp } from '../whatsapp/sim-whatsapp.ts';
import { Holders } from './holders.ts';
import { Ledger } from './ledger.ts';
import { makeStorage, type WorldStorage } from './make-storage.ts';
import type { Safeguard } from './safeguards.ts';
import type { Sizes } from './sizes.ts';
import { Story } from './story.ts';

/** What all parts of one simulation share. */
export type World = {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly sizes: Sizes;
  readonly story: Story;
  readonly ledger: Ledger;
  readonly storage: WorldStorage;
  readonly whatsapp: SimWhatsApp;
  readonly holders: Holders;
  readonly newId: (now: Date) => string;
  readonly without: Safeguard | undefined;
  /** Runners that are taken for dead and do not know it; for a mutation. */
  readonly presumedDead: Set<string>;
  /** Where processes may fail, in a life in which nothing else breaks. */
  readonly points: FailPoints | undefined;
  /** Whether things still break. */
  isStormy: boolean;
};

export type WorldOptions = {
  readonly seed: number;
  readonly sizes: Sizes;
  /** A safeguard that is left out. */
  readonly without?: Safeguard | undefined;
  /** Nothing breaks but what these say. */
  readonly points?: FailPoints | undefined;
  /** Hears what happens. */
  readonly tell?: ((line: string) => void) | undefined;
};

export function makeWorld({ seed, sizes, without, points, tell }: WorldOptions): World {
  const time = new VirtualTime();
  // Neighbouring seeds are to have nothing in common.
  const chance = new Chance(Math.imul(seed + 1, 0x9e3779b1));
  const story = new Story(time, tell);
  const ledger = new Ledger();
  const storage = makeStorage({ chance: chance.fork(), time, ledger, story });
  const whatsapp = new SimWhatsApp({ time, chance: chance.fork(), ledger, story });
  const newId = makeUlids(chance.fork());
  return {
    time,
    chance,
    sizes,
    story,
    ledger,
    storage,
    whatsapp,
    holders: new Holders(ledger),
    newId,
    without,
    presumedDead: new Set(),
    points,
    isStormy: points === undefined,
  };
}

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** ULIDs, in the order in which they were asked for where their times are equal. */
function makeUlids(chance: Chance): (now: Date) => string {
  let count = 0;
  const encode = (value: number, length: number) => {
    let rest = value;
    let text = '';
    for (let index = 0; index < length; index += 1) {
      text = (DIGITS[rest % DIGITS.length] ?? '') + text;
      rest = Math.floor(rest / DIGITS.length);
    }
    return text;
  };
  return (now) => {
    count += 1;
    return encode(now.getTime(), 10) + encode(count, 8) + encode(chance.below(2 ** 30), 8);
  };
}
