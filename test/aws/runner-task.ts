import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, ListExportsCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import type { Deployment } from './deployment.ts';
import { type Exports, resolveTemplate } from './resolve-template.ts';

const RUNNER_TEMPLATE = 'WhatsappBotsRunner.template.json';
const PAGES_MAX = 10;

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const Template = z.object({ Resources: z.record(z.string(), Resource) });
const Container = z.object({
  Environment: z.array(z.object({ Name: z.string(), Value: z.string() })),
  HealthCheck: z.object({ Command: z.tuple([z.literal('CMD'), z.string()], z.string()) }),
  StopTimeout: z.number(),
});
const Actions = z.union([z.string(), z.array(z.string())]);
const PolicyDocument = z.object({
  Version: z.string(),
  Statement: z.array(z.looseObject({ Action: Actions })),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;

/** The runner's task as the stack declares it, with everything that it takes from other stacks filled in. */
export type RunnerTask = {
  readonly environment: Readonly<Record<string, string>>;
  /** How ECS asks the container whether it is well. */
  readonly healthCommand: readonly [string, ...string[]];
  /** What Fargate gives a container between SIGTERM and SIGKILL. */
  readonly stopTimeoutS: number;
  /** What the task's role may do. */
  readonly policies: readonly PolicyDocument[];
};

/** Reads the template of the runner's stack, which no emulator without docker can run. */
export async function readRunnerTask({ assembly }: Deployment): Promise<RunnerTask> {
  const template = Template.parse(
    JSON.parse(await readFile(join(assembly, RUNNER_TEMPLATE), 'utf8')),
  );
  const exports = await readExports();
  const resources = Object.entries(template.Resources);
  const definition = onlyOne(
    resources.filter(([, { Type }]) => Type === 'AWS::ECS::TaskDefinition'),
  );
  const { ContainerDefinitions, TaskRoleArn } = z
    .object({
      ContainerDefinitions: z.array(z.record(z.string(), z.unknown())),
      TaskRoleArn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
    })
    .parse(definition[1].Properties);
  const { Environment, HealthCheck, StopTimeout } = onlyOne(ContainerDefinitions);
  const container = Container.parse(
    resolveTemplate({ Environment, HealthCheck, StopTimeout }, exports),
  );
  const role = TaskRoleArn['Fn::GetAtt'][0];
  return {
    environment: Object.fromEntries(container.Environment.map(({ Name, Value }) => [Name, Value])),
    healthCommand: toCommand(container.HealthCheck.Command),
    stopTimeoutS: container.StopTimeout,
    policies: resources.flatMap(([, { Type, Properties }]) =>
      Type === 'AWS::IAM::Policy' && isOf(role, Properties['Roles'])
        ? [resolvePolicy(PolicyDocument.parse(Properties['PolicyDocument']), exports)]
        : [],
    ),
  };
}

async function readExports(): Promise<Exports> {
  const client = new CloudFormationClient();
  const exports = new Map<string, string>();
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { Exports = [], NextToken } = await client.send(
      new ListExportsCommand({ NextToken: nextToken }),
    );
    for (const { Name = '', Value = '' } of Exports) exports.set(Name, Value);
    nextToken = NextToken;
    if (nextToken === undefined) break;
  }
  client.destroy();
  return exports;
}

/** Without what the task may ask of ECS: it names the cluster, which is not there. */
function resolvePolicy(document: PolicyDocument, exports: Exports): PolicyDocument {
  const isOfEcs = (action: string) => action.startsWith('ecs:');
  const Statement = document.Statement.filter(({ Action }) => ![Action].flat().every(isOfEcs));
  return PolicyDocument.parse(resolveTemplate({ ...document, Statement }, exports));
}

/** ECS wants to know first whether there is a shell in between. */
function toCommand([, file, ...args]: z.infer<typeof Container>['HealthCheck']['Command']): [
  string,
  ...string[],
] {
  return [file, ...args];
}

function isOf(role: string, roles: unknown): boolean {
  const References = z.array(z.object({ Ref: z.string() }));
  return References.safeParse(roles).data?.some(({ Ref }) => Ref === role) ?? false;
}

function onlyOne<T>(items: readonly T[]): T {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) {
    throw new Error(`There should be exactly one, and there are ${items.length}.`);
  }
  return item;
}
