import type { Delivery } from '#shared/domain/delivery.ts';
import type { Deps } from '../deps.ts';

/** Each is two of the hundred ops of a transaction. */
const PER_TRANSACTION = 50;

/** Writes deliveries, in their order. */
export async function addDeliveries(
  all: readonly Delivery[],
  { deliveries }: Pick<Deps, 'deliveries'>,
): Promise<void> {
  for (let start = 0; start < all.length; start += PER_TRANSACTION) {
    await deliveries.add(all.slice(start, start + PER_TRANSACTION));
  }
}
