import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { OperatorError } from './operator-error.ts';

const REQUEST_TIMEOUT_MS = 10_000;

export type StackRef = { readonly stack: string; readonly region: string | undefined };

/** What the deployed data stack tells under this name. Throws `OperatorError`. */
export async function findOutput({ stack, region }: StackRef, name: string): Promise<string> {
  const client = new CloudFormationClient({
    ...(region !== undefined && { region }),
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks[0]?.Outputs ?? [];
    const found = outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
    if (found !== undefined) return found;
    throw new OperatorError(
      `The stack ${stack} has no output ${name}. Name the data stack with --stack.`,
    );
  } catch (cause) {
    throw isMissingStack(cause) ? noSuchStack({ stack, region }, cause) : cause;
  } finally {
    client.destroy();
  }
}

/** CloudFormation has no error of its own for it. */
function isMissingStack(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    cause.name === 'ValidationError' &&
    /does not exist/.test(cause.message)
  );
}

function noSuchStack({ stack, region }: StackRef, cause: unknown): OperatorError {
  const where = region === undefined ? 'the region of this environment' : region;
  return new OperatorError(
    `There is no stack ${stack} in ${where}. Deploy it first, or name another with --stack and --region.`,
    { cause },
  );
}
