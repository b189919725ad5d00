import { isPending, type Message } from '#shared/domain/message.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

/**
 * Counts a message that has just ended its waiting, and how long it took when WhatsApp has it. `before` is what it was
 * until `at`: what had ended already counts no second time, however far it still goes.
 */
export function countEnded(
  { before, after, at }: { before: Message; after: Message; at: Date },
  metrics: Metrics,
): void {
  if (!isPending(before.state)) return;
  switch (after.state) {
    case 'QUEUED':
    case 'SENDING':
      return;
    case 'FAILED':
    case 'EXPIRED':
    case 'CANCELED':
      metrics.add('MessagesEnded', 1, after.state);
      return;
    // A receipt that overtakes the server's acknowledgement says the same: the server has it.
    case 'SENT':
    case 'DELIVERED':
    case 'READ':
    case 'PLAYED':
      metrics.add('MessagesEnded', 1, 'SENT');
      metrics.add('SendLatency', at.getTime() - new Date(before.queuedAt).getTime());
      return;
  }
}
