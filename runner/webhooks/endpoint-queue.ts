import type { EndpointRef } from '#shared/repositories/delivery-repository.ts';
import { Alarm } from './alarm.ts';
import { type AttemptDeps, attemptDelivery } from './attempt-delivery.ts';
import { afterPost, CLOSED, decideGate, IN_FLIGHT_MAX, isOut } from './breaker.ts';
import { buryWaiting } from './bury-waiting.ts';
import { EndpointNotes } from './endpoint-notes.ts';
import type { PostSlots } from './post-slots.ts';
import { readWaiting } from './read-waiting.ts';
import { type Waiting, WaitingLine } from './waiting-line.ts';

/** Deliveries of one endpoint kept in memory; the rest is read from the table when half of these are through. */
const QUEUED_MAX = 200;
const READ_ON_AT = QUEUED_MAX / 2;
/** Of an endpoint that answers again so many are looked through for the oldest. */
const HURRIED_LOOK_MAX = 1_000;
/** After a fault of our own, not of the endpoint. */
const STUMBLE_DELAY_MS = 5_000;

export type QueueDeps = AttemptDeps & {
  readonly slots: PostSlots;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
};

/**
 * Delivers to one endpoint. What waits is in the table; a part of it is here. First attempts of a chat keep their order.
 * A delivery that fails goes back to the table with the time at which it is due, and is read from there when that has
 * come, or when the endpoint answers another one after it had failed.
 */
export class EndpointQueue {
  readonly #ref: EndpointRef;
  readonly #deps: QueueDeps;
  readonly #stopping = new AbortController();
  readonly #line = new WaitingLine();
  readonly #work = new Set<Promise<void>>();
  readonly #alarm: Alarm;
  #breaker = CLOSED;
  /** There is more in the table to be done now than here, for all we know. */
  #hasMore = true;
  #isReading = false;
  /** What was recorded while the table was read: it comes after what is found there. */
  readonly #arrived: Waiting[] = [];
  #isToLookAgain = false;
  /** What is not due yet is to be tried too. */
  #isHurrying = false;
  /** What was tried before it was due, since the endpoint was last out: what fails so once is to blame itself. */
  readonly #hurried = new Set<string>();
  #burial: Promise<void> | undefined;
  readonly #notes = new EndpointNotes();

  constructor(ref: EndpointRef, deps: QueueDeps) {
    this.#ref = ref;
    this.#deps = deps;
    const ring = () => {
      this.#hasMore = true;
      this.#readOn();
      this.#pump();
    };
    this.#alarm = new Alarm(ring, deps);
  }

  /** No post starts any more. */
  stop(): void {
    this.#stopping.abort();
    this.#alarm.stop();
  }

  /** Resolves when no post is under way. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  /** A delivery that was just recorded. It must not pass the older ones of its chat that are in the table alone. */
  add(waiting: Waiting): void {
    if (this.#isReading) {
      this.#arrived.push(waiting);
      return;
    }
    this.#takeIn([waiting]);
    this.#readOn();
    this.#pump();
  }

  /** All of them, or none and what is left to the table. */
  #takeIn(arrived: readonly Waiting[]): void {
    this.#hasMore ||= arrived.length > QUEUED_MAX - this.#line.size;
    if (this.#hasMore) return;
    for (const waiting of arrived) this.#line.add(waiting);
  }

  /** Takes up what the table holds by now. */
  async look(): Promise<void> {
    if (this.#isReading) this.#isToLookAgain = true;
    else await this.#read();
  }

  /** What waits comes to nothing, if the endpoint is gone or disabled. */
  async bury(): Promise<void> {
    this.#burial ??= this.#buryNow().finally(() => {
      this.#burial = undefined;
    });
    await this.#burial;
  }

  async #buryNow(): Promise<void> {
    const isUnderWay = (deliveryId: string) => this.#line.isUnderWay(deliveryId);
    if (!(await buryWaiting(this.#ref, isUnderWay, this.#deps))) return;
    this.#line.clear();
    // Tests wait on.
    this.#hasMore = true;
    this.#readOn();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    this.#hasMore = false;
    this.#isToLookAgain = false;
    const isHurrying = this.#isHurrying;
    this.#isHurrying = false;
    try {
      await this.#readPage(isHurrying);
    } catch (cause) {
      this.#hasMore = true;
      this.#isHurrying ||= isHurrying;
      this.#stumble();
      throw cause;
    } finally {
      this.#isReading = false;
      this.#takeIn(this.#arrived.splice(0));
      this.#pump();
    }
    this.#readOn();
  }

  async #readPage(isHurrying: boolean): Promise<void> {
    const { taken, hasMore, nextDueMs } = await readWaiting(
      this.#ref,
      {
        isKnown: (deliveryId) => this.#line.has(deliveryId),
        ...(isHurrying && { isHurried: (deliveryId) => !this.#hurried.has(deliveryId) }),
        room: QUEUED_MAX - this.#line.size,
        limit: isHurrying ? HURRIED_LOOK_MAX : QUEUED_MAX + IN_FLIGHT_MAX,
      },
      this.#deps,
    );
    if (this.#stopping.signal.aborted) return;
    for (const waiting of taken) {
      this.#line.add(waiting);
      if (isHurrying) this.#hurried.add(waiting.delivery.deliveryId);
    }
    if (nextDueMs !== undefined) this.#alarm.setFor(nextDueMs);
    if (!hasMore) return;
    const isWorthIt = taken.length > 0;
    this.#hasMore ||= isWorthIt;
    this.#isHurrying ||= isHurrying && isWorthIt;
    if (!isWorthIt && this.#line.size === 0) this.#stumble();
  }

  #readOn(): void {
    const isFull = this.#line.size > READ_ON_AT;
    const isWanted = this.#isToLookAgain || (this.#hasMore && !isFull);
    if (!isWanted || this.#isReading || this.#stopping.signal.aborted) return;
    this.#read().catch((err: unknown) => {
      this.#deps.log.error({ err, ...this.#ref }, 'Webhooks could not be read.');
    });
  }

  #pump(): void {
    while (!this.#stopping.signal.aborted) {
      const next = this.#next();
      if (next === undefined) return;
      this.#start(next);
    }
  }

  /** Tests do not ask whether the endpoint answers. */
  #next(): Waiting | undefined {
    if (this.#line.underWay >= IN_FLIGHT_MAX) return undefined;
    const test = this.#line.start('test');
    if (test) return test;
    const gate = decideGate(this.#breaker, this.#deps.now().getTime());
    if (gate.kind === 'open') {
      return this.#line.underWay < gate.inFlightMax ? this.#line.start('event') : undefined;
    }
    this.#alarm.setFor(gate.untilMs);
    return undefined;
  }

  #start(waiting: Waiting): void {
    const work = this.#attempt(waiting)
      .catch((err: unknown) => {
        this.#deps.log.error({ err, ...this.#ref }, 'A webhook could not be handled.');
        this.#hasMore = true;
        this.#stumble();
      })
      .finally(() => {
        this.#line.end(waiting);
        this.#work.delete(work);
        this.#pump();
        this.#readOn();
      });
    this.#work.add(work);
  }

  async #attempt(waiting: Waiting): Promise<void> {
    const { signal } = this.#stopping;
    const { instanceId, endpointId } = this.#ref;
    const giveBack = await this.#deps.slots.take(`${instanceId} ${endpointId}`, signal);
    if (giveBack === undefined) return;
    const onPosted = (isDelivered: boolean) => this.#note(isDelivered);
    const deps = { ...this.#deps, onPosted };
    const attempted = await attemptDelivery(waiting, this.#notes, deps).finally(giveBack);
    switch (attempted.kind) {
      case 'settled':
        this.#hurried.delete(waiting.delivery.deliveryId);
        return;
      case 'retried':
        this.#alarm.setFor(attempted.dueMs);
        return;
      case 'refused':
        await this.bury();
    }
  }

  /** What a post says of the endpoint. */
  #note(isDelivered: boolean): void {
    const wasFailing = this.#breaker.failures > 0;
    this.#breaker = afterPost(this.#breaker, isDelivered, this.#deps.now().getTime());
    if (isOut(this.#breaker)) this.#hurried.clear();
    if (!isDelivered || !wasFailing) return;
    this.#isHurrying = true;
    this.#hasMore = true;
  }

  #stumble(): void {
    this.#alarm.setFor(this.#deps.now().getTime() + STUMBLE_DELAY_MS);
  }
}
