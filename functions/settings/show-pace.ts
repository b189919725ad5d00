import type { Instance } from '#shared/domain/instance.ts';
import { isYoung, PaceSettings, paceInForce } from '#shared/domain/pace.ts';
import type { Deps } from '../deps.ts';
import { defineRoute } from '../http/define-route.ts';
import { ok } from '../http/reply.ts';

/** How fast the instance's session sends now, and why so. */
export const showPace = defineRoute({
  auth: 'instance',
  async run({ instance }, { config, now }: Pick<Deps, 'config' | 'now'>) {
    const circumstances = {
      linkedAt: instance.linkedAt,
      now: now(),
      isOnByDefault: config.paceByDefault,
    };
    return ok('Whatsapp pace fetched successfully!', {
      ...paceInForce(instance.pace, circumstances),
      linkedAt: instance.linkedAt ?? null,
      source: sourcesOf(instance, circumstances.now),
    });
  },
});

type Source = 'set' | 'deployment' | 'default' | 'young_number';

/** Where each setting comes from. */
function sourcesOf({ pace, linkedAt }: Instance, now: Date): Record<string, Source> {
  const names = PaceSettings.keyof().options;
  const preset = isYoung(linkedAt, now) ? 'young_number' : 'default';
  const sourceOf = (name: keyof PaceSettings): Source => {
    if (pace?.[name] !== undefined) return 'set';
    return name === 'on' ? 'deployment' : preset;
  };
  return Object.fromEntries(names.map((name) => [name, sourceOf(name)]));
}
