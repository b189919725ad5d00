import { afterEach, expect, it, vi } from 'vitest';
import { readLocalEnv } from '../../../infra/local/env.ts';
import {
  allowPrivateUrls,
  messagesPerMinute,
  paceByDefault,
} from '../../../infra/local/local-options.ts';

function decided(isLive: boolean, said: Record<string, string> = {}) {
  for (const name of ['ALLOW_PRIVATE_URLS', 'PACE', 'MESSAGES_PER_MINUTE']) {
    vi.stubEnv(name, said[name]);
  }
  const options = { ...readLocalEnv(), isLive };
  return [allowPrivateUrls(options), paceByDefault(options), messagesPerMinute(options)];
}

afterEach(() => {
  vi.unstubAllEnvs();
});

it('is open and quick in the sandbox, and careful in live use', () => {
  expect(decided(false)).toEqual([true, false, 0]);
  expect(decided(true)).toEqual([false, true, 3_000]);
});

it.each([true, false])('is as it is told, live (%s) or not', (isLive) => {
  const open = { ALLOW_PRIVATE_URLS: '1', PACE: 'off', MESSAGES_PER_MINUTE: '0' };
  expect(decided(isLive, open)).toEqual([true, false, 0]);
  const careful = { ALLOW_PRIVATE_URLS: '0', PACE: 'on', MESSAGES_PER_MINUTE: '7' };
  expect(decided(isLive, careful)).toEqual([false, true, 7]);
});
