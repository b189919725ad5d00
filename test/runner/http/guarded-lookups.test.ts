import { createServer } from 'node:net';
import fc from 'fast-check';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ForbiddenAddress,
  makeGuardedDispatcher,
  publicLookup,
  type Resolve,
} from '#runner/http/guarded-dispatcher.ts';
import { postWebhook } from '#runner/webhooks/post-webhook.ts';
import { hostileUrls } from '../../e2e/hostile-urls.ts';
import { startReceiver } from './receiver.ts';

const URLS = 10_000;
const AT_ONCE = 50;
const SEED = 20_261_125;
const STRICT = { allowPrivate: false };
/** Somewhere in the open net. Nobody dials it here. */
const PUBLIC = { address: '93.184.215.14', family: 4 };
const HERE = { address: '127.0.0.1', family: 4 };
const HERE_TOO = { address: '::ffff:127.0.0.1', family: 6 };

type Address = typeof PUBLIC;

/** Counts who dials this machine. */
async function listener() {
  let dials = 0;
  const server = createServer((socket) => {
    dials += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return { port: address.port, dials: () => dials };
}

/** A name server that answers each time with the next of these, the last one for ever. */
function answering(...answers: Address[][]): { resolve: Resolve; asked: () => number } {
  let asked = 0;
  const resolve: Resolve = (_hostname, _options, callback) => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    setImmediate(() => callback(null, answer));
  };
  return { resolve, asked: () => asked };
}

function dispatcherOf(resolve: Resolve) {
  const dispatcher = makeGuardedDispatcher(STRICT, { connections: null, resolve });
  onTestFinished(async () => await dispatcher.destroy());
  return dispatcher;
}

const anAttempt = (url: string) => ({
  url,
  secrets: [`whsec_${Buffer.alloc(32, 1).toString('base64')}`],
  eventId: 'evt_1',
  body: '{}',
  at: new Date(),
});

describe('makeGuardedDispatcher, with a name server that lies', () => {
  it.each([
    ['a private address', [HERE]],
    ['a private address in other clothes', [HERE_TOO]],
    ['a public one and a private one', [PUBLIC, HERE]],
    ['a private one and a public one', [HERE, PUBLIC]],
    ['nothing', []],
  ])('does not dial a name that resolves to %s', async (_name, addresses) => {
    const { port, dials } = await listener();
    const { resolve, asked } = answering(addresses);
    const dialled = request(`https://rebind.example:${port}/`, {
      dispatcher: dispatcherOf(resolve),
    });
    await expect(dialled).rejects.toThrow(ForbiddenAddress);
    expect(asked()).toBe(1);
    expect(dials()).toBe(0);
  });

  it('gives the dial what was checked and nothing else, and checks again for the next one', async () => {
    const { resolve, asked } = answering([PUBLIC], [PUBLIC, HERE], [HERE], [PUBLIC]);
    const find = publicLookup(resolve);
    const lookUp = (all: boolean) =>
      new Promise((settle) => {
        find('rebind.example', { all }, (error, addresses) => settle(error ?? addresses));
      });
    expect(await lookUp(true)).toEqual([PUBLIC]);
    expect(await lookUp(true)).toBeInstanceOf(ForbiddenAddress);
    expect(await lookUp(true)).toBeInstanceOf(ForbiddenAddress);
    expect(await lookUp(false)).toBe(PUBLIC.address);
    expect(asked()).toBe(4);
  });

  it('is no way to a private address for any answers, in any order', async () => {
    const { port, dials } = await listener();
    const privates = fc.constantFrom(HERE, HERE_TOO, { address: '10.1.2.3', family: 4 });
    const mixed = fc
      .tuple(fc.array(fc.constant(PUBLIC), { maxLength: 2 }), fc.array(privates, { minLength: 1 }))
      .chain(([good, bad]) => fc.shuffledSubarray([...good, ...bad], { minLength: 1 }))
      .filter((answer) => answer.some((one) => one !== PUBLIC));
    await fc.assert(
      fc.asyncProperty(mixed, async (answer) => {
        const dispatcher = dispatcherOf(answering(answer).resolve);
        const outcome = await postWebhook(anAttempt(`https://rebind.example:${port}/`), {
          dispatcher,
          guard: STRICT,
        });
        expect(outcome.kind).toBe('refused');
      }),
    );
    expect(dials()).toBe(0);
  });
});

describe('postWebhook, to ten thousand ways to write a private address', () => {
  it('dials none of them, whatever their names resolve to', async () => {
    const { port, dials } = await listener();
    const urls = fc.sample(hostileUrls(port), { seed: SEED, numRuns: URLS });
    // Every name that is asked for is this machine.
    const dispatcher = dispatcherOf(answering([HERE]).resolve);
    const wrong: unknown[] = [];
    const check = async (url: string) => {
      const { kind } = await postWebhook(anAttempt(url), { dispatcher, guard: STRICT });
      if (kind !== (URL.canParse(url) ? 'refused' : 'failed')) wrong.push([url, kind]);
    };
    for (let start = 0; start < urls.length; start += AT_ONCE) {
      await Promise.all(urls.slice(start, start + AT_ONCE).map(check));
    }
    expect(wrong).toEqual([]);
    expect(dials()).toBe(0);
  }, 60_000);

  it('follows no redirect to any of them', async () => {
    const { port, dials } = await listener();
    const targets = fc
      .sample(hostileUrls(port), { seed: SEED, numRuns: 500 })
      .filter((url) => /^[\x21-\x7e]+$/.test(url));
    let next = 0;
    const { url } = await startReceiver((_post, response) => {
      const location = targets[next] ?? '';
      next += 1;
      response.writeHead(307, { location }).end();
    });
    const sandbox = { allowPrivate: true };
    const dispatcher = makeGuardedDispatcher(sandbox);
    onTestFinished(async () => await dispatcher.close());
    for (const _target of targets) {
      const outcome = await postWebhook(anAttempt(url), { dispatcher, guard: sandbox });
      expect(outcome).toEqual({ kind: 'answered', statusCode: 307 });
    }
    expect(dials()).toBe(0);
  });

  it('would have noticed a dial', async () => {
    const { port, dials } = await listener();
    const sandbox = { allowPrivate: true };
    const dispatcher = makeGuardedDispatcher(sandbox);
    onTestFinished(async () => await dispatcher.destroy());
    await postWebhook(anAttempt(`https://127.0.0.1:${port}/`), { dispatcher, guard: sandbox });
    expect(dials()).toBe(1);
  });
});
