import { describe, expect, it } from 'vitest';
import { decideEndpoint, reasonAgainst } from '#runner/webhooks/decide-endpoint.ts';

const NOW = new Date('2026-11-25T12:00:00.000Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const OK = { kind: 'answered', statusCode: 204 } as const;
const ERROR = { kind: 'answered', statusCode: 500 } as const;
const FAILED = { kind: 'failed', reason: 'ECONNRESET' } as const;

const ACTIVE = { state: 'ACTIVE' } as const;
const failingFor = (days: number) => ({ state: 'FAILING', failingSince: daysAgo(days) }) as const;

describe('decideEndpoint', () => {
  it.each([
    ['an active one that answers', ACTIVE, OK, 'none'],
    ['an active one that fails', ACTIVE, ERROR, 'failing'],
    ['an active one that is not reached', ACTIVE, FAILED, 'failing'],
    ['a failing one that fails on', failingFor(2.9), ERROR, 'none'],
    ['a failing one that answers', failingFor(2.9), OK, 'answering'],
    ['one that answers after a week of failures', failingFor(7), OK, 'answering'],
    ['one that has only failed for three days', failingFor(3), FAILED, 'disable'],
    ['one that is gone', ACTIVE, { kind: 'answered', statusCode: 410 } as const, 'disable'],
    ['one that must not be dialled', ACTIVE, { kind: 'refused', reason: 'no' } as const, 'disable'],
  ] as const)('decides on %s', (_name, endpoint, outcome, kind) => {
    expect(decideEndpoint(endpoint, outcome, NOW).kind).toBe(kind);
  });
});

describe('reasonAgainst', () => {
  it('speaks against an endpoint that is gone or disabled, but for tests of the latter', () => {
    const disabled = { state: 'DISABLED', disabledReason: 'It was 410.' } as const;
    expect(reasonAgainst(undefined, false)).toBe('The endpoint was deleted.');
    expect(reasonAgainst(undefined, true)).toBe('The endpoint was deleted.');
    expect(reasonAgainst(disabled, false)).toBe('It was 410.');
    expect(reasonAgainst(disabled, true)).toBeUndefined();
    expect(reasonAgainst(failingFor(2), false)).toBeUndefined();
  });
});
