import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';

/** Reasons to cancel a transaction that may be gone at the next try. */
const PASSING_REASONS: readonly (string | undefined)[] = [
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
];

/** The index of the first op of which the condition did not hold; `undefined` when the call failed otherwise. */
export function refusedOp(fault: unknown): number | undefined {
  if (fault instanceof ConditionalCheckFailedException) return 0;
  const index = reasonsOf(fault).findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
  return index === -1 ? undefined : index;
}

/**
 * Whether nothing was written because another transaction had one of the items, or because of throttling inside a
 * transaction. The SDK retries neither of them.
 */
export function isPassing(fault: unknown): boolean {
  if (fault instanceof TransactionConflictException) return true;
  if (refusedOp(fault) !== undefined) return false;
  return reasonsOf(fault).some(({ Code }) => PASSING_REASONS.includes(Code));
}

function reasonsOf(fault: unknown): readonly CancellationReason[] {
  return fault instanceof TransactionCanceledException ? (fault.CancellationReasons ?? []) : [];
}
