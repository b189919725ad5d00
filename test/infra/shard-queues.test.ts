import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { addStacks } from '../../infra/add-stacks.ts';
import { quickApp } from './synthesized.ts';

/** CloudFormation's limit. */
const RESOURCES_MAX = 500;
/** Of a template that is uploaded, in bytes. */
const TEMPLATE_BYTES_MAX = 1_000_000;

type Block = { readonly stack: string; readonly queues: ReadonlyMap<string, string> };

describe('the queues of many shards', () => {
  const blocksOf = new Map<number, readonly Block[]>();
  beforeAll(() => {
    for (const shardCount of [301, 700]) blocksOf.set(shardCount, synthesize(shardCount));
  });

  it.each([
    [301, ['WhatsappBotsData', 'WhatsappBotsShards0300'], [300, 1]],
    [
      700,
      ['WhatsappBotsData', 'WhatsappBotsShards0300', 'WhatsappBotsShards0600'],
      [300, 300, 100],
    ],
  ])('%i of them are in stacks of 300', (shardCount, stacks, counts) => {
    const blocks = blocksOf.get(shardCount) ?? [];
    expect(blocks.map(({ stack }) => stack)).toEqual(stacks);
    expect(blocks.map(({ queues }) => queues.size)).toEqual(counts);
  });

  it('are the very same resources when there are more of them', () => {
    const [first, second] = blocksOf.get(301) ?? [];
    const [, laterSecond] = blocksOf.get(700) ?? [];
    expect(first?.queues).toEqual(blocksOf.get(700)?.[0]?.queues);
    const [before] = second?.queues ?? [];
    expect(before?.[1]).toBe('whatsapp-bots-shard-0300.fifo');
    expect(laterSecond?.queues.get(before?.[0] ?? '')).toBe(before?.[1]);
  });

  it('have every number once', () => {
    const names = (blocksOf.get(700) ?? []).flatMap(({ queues }) => [...queues.values()]);
    expect(new Set(names).size).toBe(700);
    expect(names.sort().at(-1)).toBe('whatsapp-bots-shard-0699.fifo');
  });
});

/** The shards' queues of each stack, by their logical names. Throws when a stack is more than CloudFormation takes. */
function synthesize(shardCount: number): Block[] {
  const { data, shards } = addStacks(quickApp({ shardCount }));
  return [data, ...shards].map((stack) => {
    const template = Template.fromStack(stack);
    const resources = Object.keys(template.toJSON()['Resources']).length;
    expect(resources).toBeLessThanOrEqual(RESOURCES_MAX);
    expect(JSON.stringify(template.toJSON()).length).toBeLessThan(TEMPLATE_BYTES_MAX);
    const queues = Object.entries(template.findResources('AWS::SQS::Queue'))
      .map(([id, { Properties }]): [string, string] => [id, Properties.QueueName])
      .filter(([, name]) => name.includes('-shard-'));
    return { stack: stack.stackName, queues: new Map(queues) };
  });
}
