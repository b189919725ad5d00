/** What went wrong, in words that tell the operator what to do about it. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}
