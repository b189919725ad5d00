import { describe, expect, it } from 'vitest';
import { statusCodeOf, toCloseReason } from '#runner/whatsapp/close-reason.ts';

describe('toCloseReason', () => {
  it.each([
    [515, 'restart_required'],
    [428, 'connection_lost'],
    [503, 'unavailable'],
    [440, 'replaced'],
    [401, 'logged_out'],
    [403, 'forbidden'],
    [419, 'forbidden'],
    [411, 'forbidden'],
    [405, 'outdated_client'],
    [500, 'bad_session'],
    [400, 'handshake_failed'],
    [599, 'connection_lost'],
    [undefined, 'connection_lost'],
  ] as const)('reads %s as %s, codes run out or not', (statusCode, reason) => {
    expect(toCloseReason(statusCode, true)).toBe(reason);
    expect(toCloseReason(statusCode, false)).toBe(reason);
  });

  it('reads 408 as a lost connection, or none', () => {
    expect(toCloseReason(408, false)).toBe('connection_lost');
  });

  it('reads 408 as codes run out when the last one has', () => {
    expect(toCloseReason(408, true)).toBe('pairing_expired');
  });
});

describe('statusCodeOf', () => {
  it("reads a Boom's code", () => {
    const boom = Object.assign(new Error('Stream Errored'), { output: { statusCode: 515 } });
    expect(statusCodeOf(boom)).toBe(515);
  });

  it.each([
    ['a plain error', new Error('ECONNRESET')],
    ['no error', undefined],
    ['null', null],
    ['a text', 'closed'],
    ['an error with an empty output', Object.assign(new Error(), { output: {} })],
    ['an error with no output', Object.assign(new Error(), { output: null })],
    ['a code that is no number', Object.assign(new Error(), { output: { statusCode: '515' } })],
  ])('knows no code of %s', (_name, error) => {
    expect(statusCodeOf(error)).toBeUndefined();
  });
});
