import { expect } from 'vitest';
import type { Queue, Received } from '#shared/storage/queue.ts';
import type { FakeClock } from './fake-clock.ts';

type Held = { readonly message: Received; readonly untilMs: number };

/** Calls a FIFO queue and, beside it, keeps the plain truth of what must come out; checks every receive against it. */
export class CheckedQueue {
  /** The bodies that were sent and not acked, by group, in order. */
  readonly #left = new Map<string, readonly string[]>();
  readonly #held = new Map<string, Held>();
  readonly #queue: Queue;
  readonly #clock: FakeClock;
  readonly #visibilityMs: number;
  #sent = 0;

  constructor(queue: Queue, { clock, visibilityMs }: { clock: FakeClock; visibilityMs: number }) {
    this.#queue = queue;
    this.#clock = clock;
    this.#visibilityMs = visibilityMs;
  }

  get isEmpty(): boolean {
    return [...this.#left.values()].flat().length === 0;
  }

  async send(group: string): Promise<void> {
    this.#sent += 1;
    const body = String(this.#sent);
    await this.#queue.send({ group, dedupId: body, body });
    this.#left.set(group, [...this.#leftIn(group), body]);
  }

  async receive(max: number): Promise<readonly Received[]> {
    const messages = await this.#queue.receive({ max, waitMs: 0 });
    const due = new Map([...this.#left.keys()].map((group) => [group, this.#dueIn(group)]));
    for (const [group, bodies] of due) {
      const given = messages.filter((message) => message.group === group);
      expect(given.map(({ body }) => body)).toEqual(bodies.slice(0, given.length));
    }
    expect(messages.length).toBe(Math.min(max, [...due.values()].flat().length));
    for (const message of messages) this.#hold(message, this.#visibilityMs);
    return messages;
  }

  /** One of those that are held now; `undefined` when there are fewer. */
  held(position: number): Received | undefined {
    return [...this.#held.values()].filter((one) => this.#isHeld(one))[position]?.message;
  }

  async ack(message: Received): Promise<void> {
    await message.ack();
    this.#held.delete(message.body);
    const left = this.#leftIn(message.group).filter((body) => body !== message.body);
    this.#left.set(message.group, left);
  }

  async release(message: Received): Promise<void> {
    await message.release();
    this.#held.delete(message.body);
  }

  async extend(message: Received, ms: number): Promise<void> {
    await message.extend(ms);
    this.#hold(message, ms);
  }

  #dueIn(group: string): readonly string[] {
    const left = this.#leftIn(group);
    return left.some((body) => this.#isHeld(this.#held.get(body))) ? [] : left;
  }

  #leftIn(group: string): readonly string[] {
    return this.#left.get(group) ?? [];
  }

  #hold(message: Received, ms: number): void {
    this.#held.set(message.body, { message, untilMs: this.#nowMs() + ms });
  }

  #isHeld(held: Held | undefined): boolean {
    return held !== undefined && held.untilMs > this.#nowMs();
  }

  #nowMs(): number {
    return this.#clock.now().getTime();
  }
}
