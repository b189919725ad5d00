import * as z from 'zod';

/** What the SDK's errors mean for whoever sits at the terminal, by their names. */
const AWS_FAULTS: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'There are no AWS credentials. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ExpiredToken: 'The AWS credentials have expired. Log in to AWS again.',
  ExpiredTokenException: 'The AWS credentials have expired. Log in to AWS again.',
  InvalidClientTokenId: 'AWS does not know these credentials.',
  UnrecognizedClientException: 'AWS does not know these credentials.',
  ResourceNotFoundException:
    'There is no such table. Is the region right, and the stack still deployed?',
};

/** What went wrong, for a person at a terminal; without a stack. */
export function explainFailure(error: unknown): string {
  if (error instanceof z.ZodError) return `A variable is wrong:\n${z.prettifyError(error)}`;
  if (!(error instanceof Error)) return String(error);
  const known = namesOf(error).map((name) => AWS_FAULTS[name]);
  const explained = known.find((text) => text !== undefined);
  if (explained !== undefined) return explained;
  if (error.message.includes('Region is missing')) {
    return 'There is no AWS region. Set --region or AWS_REGION.';
  }
  return error.message;
}

/** The error's own name and its causes': adapters wrap what the SDK throws. */
function namesOf(error: Error): string[] {
  const names: string[] = [];
  let current: unknown = error;
  while (current instanceof Error && names.length < CAUSES_MAX) {
    names.push(current.name);
    current = current.cause;
  }
  return names;
}

const CAUSES_MAX = 5;
