import { lessLoaded, shardCandidates } from '#shared/domain/choose-shard.ts';
import { toGroupedHex, toObjectId } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { defaultSettings } from '#shared/domain/settings.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';
import { toCreatedView } from './instance-view.ts';

type Needs = Pick<Deps, 'config' | 'instances' | 'now' | 'random' | 'randomBytes'>;

/** A new instance, with nothing running yet. */
export const createInstance = defineRoute({
  auth: 'account',
  async run({ principal: { accountId }, notes }, deps: Needs) {
    const { instances, now, randomBytes } = deps;
    const createdAt = now();
    const instance: Instance = {
      accountId,
      instanceId: toObjectId(createdAt.getTime() / 1000, randomBytes(8)),
      sessionId: toGroupedHex(randomBytes(16)),
      accessToken: toGroupedHex(randomBytes(16)),
      shard: await chooseShard(deps),
      settings: defaultSettings(),
      generation: 0,
      desired: 'OFF',
      status: 'CREATED',
      createdAt: createdAt.toISOString(),
      updatedAt: createdAt.toISOString(),
    };
    await instances.create(instance);
    notes.instanceId = instance.instanceId;
    return ok('Whatsapp created successfully!', toCreatedView(instance));
  },
});

async function chooseShard({ config, instances, random }: Needs): Promise<number> {
  const candidates = shardCandidates(config.shardCount, [random(), random()]);
  const [first, second] = await Promise.all([
    shardLoad(candidates[0], instances),
    shardLoad(candidates[1], instances),
  ]);
  return lessLoaded(first, second);
}

async function shardLoad(shard: number, instances: Needs['instances']) {
  return { shard, instances: await instances.shardLoad(shard) };
}
