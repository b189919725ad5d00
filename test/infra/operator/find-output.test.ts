import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { explainFailure } from '../../../infra/operator/explain-failure.ts';
import { findOutput } from '../../../infra/operator/find-output.ts';

const STACK = { stack: 'WhatsappBotsData', region: 'eu-west-1' };
const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

type Answer = { readonly status: number; readonly body: string };

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A CloudFormation that always answers the same. */
async function cloudFormation({ status, body }: Answer): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
}

function aStack(outputs: Readonly<Record<string, string>>): Answer {
  const members = Object.entries(outputs)
    .map(([key, value]) => `<OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>`)
    .map((output) => `<member>${output}</member>`)
    .join('');
  const stack = `<member><StackName>${STACK.stack}</StackName><Outputs>${members}</Outputs></member>`;
  const result = `<DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult>`;
  return {
    status: 200,
    body: `<DescribeStacksResponse xmlns="${NAMESPACE}">${result}</DescribeStacksResponse>`,
  };
}

function aFault(code: string, message: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return {
    status: 400,
    body: `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>1</RequestId></ErrorResponse>`,
  };
}

/** What the operator is told. */
const told = async () => await findOutput(STACK, 'TableName').catch(explainFailure);

it('reads the name of the table off the deployed stack', async () => {
  await cloudFormation(aStack({ QueueUrlBase: 'https://sqs/', TableName: 'Data-Table-1' }));
  expect(await findOutput(STACK, 'TableName')).toBe('Data-Table-1');
});

it('tells of a stack that is not there, and how to name another', async () => {
  await cloudFormation(aFault('ValidationError', `Stack with id ${STACK.stack} does not exist`));
  expect(await told()).toMatch(/no stack WhatsappBotsData in eu-west-1.*--stack/);
});

it('tells of a stack that is another one', async () => {
  await cloudFormation(aStack({ ApiUrl: 'https://api' }));
  expect(await told()).toMatch(/no output TableName.*--stack/);
});

it.each([
  ['ExpiredToken', /have expired/],
  ['InvalidClientTokenId', /does not know these credentials/],
  ['AccessDenied', /not authorized to perform/],
])('tells of AWS answering %s', async (code, words) => {
  await cloudFormation(aFault(code, 'The user is not authorized to perform that.'));
  expect(await told()).toMatch(words);
});

it('tells of credentials that are not there', () => {
  const error = Object.assign(new Error('Could not load credentials'), {
    name: 'CredentialsProviderError',
  });
  expect(explainFailure(new Error('Not read.', { cause: error }))).toMatch(/AWS_PROFILE/);
});

it('tells of a region that is not there', () => {
  expect(explainFailure(new Error('Region is missing'))).toMatch(/--region/);
});
