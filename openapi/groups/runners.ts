import * as z from 'zod';
import { answersData } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';

const RunnerView = z.strictObject({
  id: z.string(),
  state: z.enum(['ALIVE', 'DRAINING', 'DEAD']),
  version: z.string().nullable(),
  started_at: z.iso.datetime(),
  last_beat_at: z.iso.datetime(),
  is_leader: z.boolean(),
  shards: z.array(z.int()),
  sessions: z.int(),
});

const ShardView = z.strictObject({
  shard: z.int(),
  owner: z.string().nullable(),
  epoch: z.int(),
  state: z.enum(['FREE', 'HELD']),
  instances: z.int(),
});

export const runnersDocs = {
  showRunners: {
    summary: 'Show who works on what',
    description:
      'For accounts of operators (`npm run account -- grant-admin`). A runner beats every three seconds; one that is DEAD is listed for a day.',
    answers: {
      200: answersData('The runners, and the shards in their order.', {
        message: 'ok',
        data: z.strictObject({ runners: z.array(RunnerView), shards: z.array(ShardView) }),
        example: {
          runners: [
            {
              id: '01JDC9Y8M3T8QJ6F1V9T6E0KZ7',
              state: 'ALIVE',
              version: null,
              started_at: '2026-11-22T12:00:00.000Z',
              last_beat_at: '2026-11-22T12:34:57.000Z',
              is_leader: true,
              shards: [0],
              sessions: 12,
            },
          ],
          shards: [
            {
              shard: 0,
              owner: '01JDC9Y8M3T8QJ6F1V9T6E0KZ7',
              epoch: 1,
              state: 'HELD',
              instances: 14,
            },
          ],
        },
      }),
    },
    errors: ['forbidden'],
    examples: { default: {} },
  },
} satisfies GroupDocs<'runners'>;
