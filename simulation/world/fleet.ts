import { Machine } from './machine.ts';
import type { PostOffice } from './post-office.ts';
import type { World } from './world.ts';

/** Until a runner that has ended is replaced. */
const REPLACED_MS = { min: 3_000, max: 20_000 } as const;
/** The first runners start within this time of each other. */
const START_MS_MAX = 5_000;

/** As many machines as there are to be; whichever ends is replaced by another. */
export class Fleet {
  readonly #world: World;
  readonly #post: PostOffice;
  #machines: Machine[] = [];
  #started = 0;
  #isOver = false;

  constructor(world: World, post: PostOffice) {
    this.#world = world;
    this.#post = post;
    for (let n = 0; n < world.sizes.runners; n += 1)
      this.#startIn(world.chance.between(0, START_MS_MAX));
  }

  get machines(): readonly Machine[] {
    return this.#machines;
  }

  /** The processes are gone, all at once, and none takes their place. */
  end(): void {
    this.#isOver = true;
    for (const { host } of this.#machines) host.kill();
  }

  kill(machine: Machine): void {
    const { ledger, story } = this.#world;
    if (machine.host.isDown) return;
    ledger.count('kills');
    story.tell(() => `KILL ${machine.host.name}`);
    machine.host.kill();
  }

  #startIn(delayMs: number): void {
    const { time, story } = this.#world;
    time.after(delayMs, () => {
      this.#started += 1;
      const name = `runner-${this.#started}`;
      story.tell(() => `${name} starts`);
      const machine = new Machine(name, this.#world, this.#post);
      this.#machines.push(machine);
      machine.host.onDown(() => this.#replace(machine));
      void machine.ended.then((end) => {
        if (machine.host.isDown) return;
        story.tell(() => `${name} ends: ${end}`);
        if (end === 'fenced') this.#world.ledger.count('fences');
        machine.host.kill();
      });
    });
  }

  #replace(machine: Machine): void {
    const { chance } = this.#world;
    this.#machines = this.#machines.filter((other) => other !== machine);
    if (!this.#isOver) this.#startIn(chance.between(REPLACED_MS.min, REPLACED_MS.max));
  }
}
