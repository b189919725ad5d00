import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { type Delivery, isTest } from '#shared/domain/delivery.ts';
import { scopeOf } from '#shared/domain/event-scope.ts';

/** A delivery that is to be made, and its event. */
export type Waiting = { readonly delivery: Delivery; readonly event: WebhookEvent };

/**
 * The deliveries of one endpoint that are in memory, in their order. Those of one chat are under way one after the
 * other, those that are about no chat too, and tests whenever they come.
 */
export class WaitingLine {
  #waiting: Waiting[] = [];
  /** What is under way, and its lane, by the ids of the deliveries. */
  readonly #underWay = new Map<string, string>();

  /** Waiting and under way. */
  get size(): number {
    return this.#waiting.length + this.#underWay.size;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  isUnderWay(deliveryId: string): boolean {
    return this.#underWay.has(deliveryId);
  }

  has(deliveryId: string): boolean {
    const isIt = ({ delivery }: Waiting) => delivery.deliveryId === deliveryId;
    return this.#underWay.has(deliveryId) || this.#waiting.some(isIt);
  }

  add(waiting: Waiting): void {
    if (!this.has(waiting.delivery.deliveryId)) this.#waiting.push(waiting);
  }

  /** The first test, or the first whose lane is free; it is under way from now on. */
  start(what: 'test' | 'event'): Waiting | undefined {
    const busy = new Set(this.#underWay.values());
    const index = this.#waiting.findIndex(
      (one) => isTest(one.delivery) === (what === 'test') && !busy.has(laneOf(one)),
    );
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (next) this.#underWay.set(next.delivery.deliveryId, laneOf(next));
    return next;
  }

  /** It is under way no more. */
  end({ delivery }: Waiting): void {
    this.#underWay.delete(delivery.deliveryId);
  }

  /** Forgets all that is not under way. */
  clear(): void {
    this.#waiting = [];
  }
}

function laneOf({ delivery, event }: Waiting): string {
  if (isTest(delivery)) return `test ${delivery.deliveryId}`;
  return `chat ${scopeOf(event.event, event.data).chatId ?? ''}`;
}
