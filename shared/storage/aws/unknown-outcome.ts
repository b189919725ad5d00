/** A write was refused after an attempt without an answer: that attempt may have done it, so nobody knows. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';

  constructor(options: ErrorOptions) {
    super('The write may have been done: its first answer was lost.', options);
  }
}
