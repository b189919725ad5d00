import type { Instance } from '#shared/domain/instance.ts';
import { defaultSettings } from '#shared/domain/settings.ts';

/** An instance as it is created, but for what is said. */
export function anInstance(change: Partial<Instance> = {}): Instance {
  return {
    accountId: '0'.repeat(24),
    instanceId: '1'.repeat(24),
    sessionId: '2ad8-07c9-447b-994d-eb8b-0000-0000-0001',
    accessToken: '0184-28a5-439a-a1cd-fc6f-0000-0000-0001',
    shard: 0,
    settings: defaultSettings(),
    generation: 0,
    desired: 'OFF',
    status: 'CREATED',
    createdAt: '2026-11-22T10:00:00.000Z',
    updatedAt: '2026-11-22T10:00:00.000Z',
    ...change,
  };
}

export const A_USER = { id: '2349040613521:8@s.whatsapp.net', name: 'Waap Test' };
