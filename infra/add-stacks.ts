import { type App, Tags } from 'aws-cdk-lib';
import { ApiStack } from './api-stack.ts';
import { type Config, readConfig } from './config.ts';
import { laterBlocks } from './data/shard-queues.ts';
import { DataStack } from './data-stack.ts';
import { stackName } from './names.ts';
import { OperationsStack } from './operations-stack.ts';
import { RunnerStack } from './runner-stack.ts';
import { ShardStack } from './shard-stack.ts';

export type System = {
  readonly config: Config;
  readonly data: DataStack;
  readonly shards: readonly ShardStack[];
  readonly api: ApiStack;
  readonly runner: RunnerStack;
  readonly operations: OperationsStack;
};

/** All stacks of one system, as the app's context wants them. Throws with every fault of the context at once. */
export function addStacks(app: App): System {
  const config = readConfig(app.node.getAllContext());
  const id = (name: string) => stackName(config, name);
  const data = new DataStack(app, id('Data'), { config });
  const shards = laterBlocks(config).map(
    (first) =>
      new ShardStack(app, id(`Shards${String(first).padStart(4, '0')}`), {
        config,
        first,
        deadLetters: data.deadDoorbells,
      }),
  );
  const api = new ApiStack(app, id('Api'), { config, data });
  const runner = new RunnerStack(app, id('Runner'), { config, data });
  const operations = new OperationsStack(app, id('Operations'), { config, api });
  Tags.of(app).add('application', config.prefix);
  return { config, data, shards, api, runner, operations };
}
