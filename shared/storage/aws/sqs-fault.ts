/** The names as they are, or in the long form of the older protocol: `AWS.SimpleQueueService.MessageNotInflight`. */
const LATE = /\b(ReceiptHandleIsInvalid|MessageNotInflight)$/;
/** How SQS FIFO says it, with the reason "The receipt handle has expired". The SDK has no class for it. */
const INVALID_PARAMETER = /^InvalidParameterValue(Exception)?$/;
const RECEIPT = /receipt ?handle/i;

/**
 * Whether the message no longer belongs to the one who asks: its visibility timeout has passed, it was given to
 * another, or it is gone.
 */
export function isLateReceipt(fault: unknown): boolean {
  if (!(fault instanceof Error)) return false;
  return (
    LATE.test(fault.name) || (INVALID_PARAMETER.test(fault.name) && RECEIPT.test(fault.message))
  );
}
