import type { BinaryNode } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { MediaConnections } from '#runner/whatsapp/media-connections.ts';

const answer = (
  auth: string,
  hosts: readonly string[] = ['media.example'],
  ttl = '300',
): BinaryNode => ({
  tag: 'iq',
  attrs: { type: 'result' },
  content: [
    {
      tag: 'media_conn',
      attrs: { auth, ttl },
      content: hosts.map((hostname) => ({ tag: 'host', attrs: { hostname } })),
    },
  ],
});

function onAnswers(...answers: readonly (BinaryNode | undefined)[]) {
  const asked: BinaryNode[] = [];
  let nowMs = 0;
  const connections = new MediaConnections({
    query: async (stanza) => {
      asked.push(stanza);
      return answers[asked.length - 1];
    },
    now: () => new Date(nowMs),
  });
  return {
    connections,
    asked,
    passMs(ms: number) {
      nowMs += ms;
    },
  };
}

describe('MediaConnections', () => {
  it('asks once for as long as the answer holds', async () => {
    const { connections, asked, passMs } = onAnswers(
      answer('one', ['a.example', 'b.example:443']),
      answer('two'),
    );
    const first = { auth: 'one', hosts: ['a.example', 'b.example:443'] };
    expect(await Promise.all([connections.get(), connections.get()])).toEqual([first, first]);
    passMs(299_999);
    expect(await connections.get()).toEqual(first);
    passMs(1);
    expect(await connections.get()).toEqual({ auth: 'two', hosts: ['media.example'] });
    expect(asked).toHaveLength(2);
  });

  it('asks again when the token was refused', async () => {
    const { connections } = onAnswers(answer('one'), answer('two'));
    await connections.get();
    expect(await connections.get({ renew: true })).toMatchObject({ auth: 'two' });
    expect(await connections.get()).toMatchObject({ auth: 'two' });
  });

  it.each([
    ['was not answered', undefined],
    ['was answered without a host', answer('one', [])],
    ['was answered with what is no host', answer('one', ['evil.example/@', 'a b', '', '@a'])],
    ['was refused', { tag: 'iq', attrs: { type: 'error' } }],
  ])('asks again after a question that %s', async (_how, bad) => {
    const { connections } = onAnswers(bad, answer('two'));
    await expect(connections.get()).rejects.toThrow('where files go to');
    expect(await connections.get()).toMatchObject({ auth: 'two' });
  });
});
