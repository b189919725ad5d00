import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import type { Config } from './config.ts';

type Named = Pick<Config, 'prefix'>;

/** `<prefix>-<name>`: a name that one stack gives and another one, or a person, must know. */
export function named({ prefix }: Named, name: string): string {
  return `${prefix}-${name}`;
}

/** `whatsapp-bots` gives `WhatsappBotsData`: two systems of one account stand side by side. */
export function stackName({ prefix }: Named, name: string): string {
  const words = prefix.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}${name}`;
}

/** SQS asks for the ending. */
export function shardQueueName(config: Named, shard: number): string {
  return `${named(config, shardQueueSettings(shard).name)}.fifo`;
}

/** The queues of what failed too often, by what it was. */
export const DEAD_LETTERS = {
  doorbells: 'shards-dead.fifo',
  stoppedRunners: 'runner-stopped-dead',
} as const;
