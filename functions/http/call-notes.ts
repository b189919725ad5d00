import type { Context } from 'aws-lambda';
import type { Deps } from '../deps.ts';

/** What is learnt about a call on its way, for its answer and its line in the log. */
export type CallNotes = {
  accountId?: string | undefined;
  instanceId?: string | undefined;
  messageId?: string | undefined;
  /** Goes back in `x-access-token`. */
  renewedToken?: string | undefined;
};

/** Lambda's context of one call, with our notes of it. `deps` are the process's, with a logger that names the call. */
export type CallContext = Context & {
  readonly deps: Deps;
  readonly notes: CallNotes;
  readonly startedAt: Date;
};
