import type { Context } from 'aws-lambda';

/** What is learnt about a call on its way, for its answer and its line in the log. */
export type CallNotes = {
  accountId?: string | undefined;
  /** Goes back in `x-access-token`. */
  renewedToken?: string | undefined;
};

/** Lambda's context of one call, with our notes of it. */
export type CallContext = Context & { readonly notes: CallNotes; readonly startedAt: Date };
