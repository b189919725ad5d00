import { type WaitingPlace, waitingKeyOf } from '#shared/domain/delivery.ts';
import type { DeliveryRepository, EndpointRef } from '#shared/repositories/delivery-repository.ts';
import type { EventRepository } from '#shared/repositories/event-repository.ts';
import { inParallel } from '../journal/in-parallel.ts';
import { toDead } from './delivery-steps.ts';
import type { Waiting } from './waiting-line.ts';

export type ReadDeps = {
  readonly deliveries: DeliveryRepository;
  readonly events: EventRepository;
  readonly now: () => Date;
};

/** What to take out of the table. */
export type Wanted = {
  /** Whether a delivery is in memory already. */
  readonly isKnown: (deliveryId: string) => boolean;
  /** Whether it is taken before it is due; none when nothing is said. */
  readonly isHurried?: (deliveryId: string) => boolean;
  /** So many at most; tests are taken beside them. */
  readonly room: number;
  /** So many are looked at. */
  readonly limit: number;
};

export type Found = {
  readonly taken: readonly Waiting[];
  /** Whether there may be more to take now. */
  readonly hasMore: boolean;
  /** When the next one is due, in milliseconds since 1970. */
  readonly nextDueMs?: number;
};

/** Reads what an endpoint is to get now: the oldest first. */
export async function readWaiting(
  ref: EndpointRef,
  wanted: Wanted,
  deps: ReadDeps,
): Promise<Found> {
  const { places, hasMore } = await deps.deliveries.firstWaiting(ref, wanted.limit);
  const { chosen, isFull, nextDueMs } = choosePlaces(places, wanted, deps.now().getTime());
  const read = await inParallel(chosen, (place) => readOne(ref, place, deps));
  return {
    taken: read.filter((one) => one !== undefined),
    hasMore: isFull || (hasMore && (wanted.isHurried !== undefined || nextDueMs === undefined)),
    ...(nextDueMs !== undefined && { nextDueMs }),
  };
}

/** `places` are in the order of the table: what is due comes before what is not. */
export function choosePlaces(
  places: readonly WaitingPlace[],
  { isKnown, isHurried = () => false, room }: Omit<Wanted, 'limit'>,
  nowMs: number,
): { chosen: WaitingPlace[]; isFull: boolean; nextDueMs: number | undefined } {
  const unknown = places.filter(({ deliveryId }) => !isKnown(deliveryId));
  const isNow = ({ dueMs, deliveryId }: WaitingPlace) => dueMs <= nowMs || isHurried(deliveryId);
  const due = unknown.filter(isNow);
  const tests = due.filter(({ seq }) => seq === 0);
  const others = due.filter(({ seq }) => seq > 0).sort((a, b) => a.seq - b.seq);
  const chosen = [...tests, ...others.slice(0, Math.max(0, room))];
  const nextDueMs = unknown.find((place) => !isNow(place))?.dueMs;
  return { chosen, isFull: chosen.length < due.length, nextDueMs };
}

/** `undefined` when it has come further meanwhile, or its event is not kept any more. */
async function readOne(
  ref: EndpointRef,
  place: WaitingPlace,
  { deliveries, events, now }: ReadDeps,
): Promise<Waiting | undefined> {
  const delivery = await deliveries.get(ref.instanceId, place.deliveryId);
  if (delivery?.state !== 'PENDING' || !isAt(place, waitingKeyOf(delivery))) return undefined;
  const event = await events.get(delivery);
  if (event) return { delivery, event };
  await deliveries.advance(delivery, toDead(delivery, 'The event is too old.', now()));
  return undefined;
}

function isAt({ dueMs }: WaitingPlace, waitingKey: string): boolean {
  return Number(waitingKey.split('#')[0]) === dueMs;
}
