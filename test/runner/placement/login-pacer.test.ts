import { describe, expect, it } from 'vitest';
import { LOGIN_GAP_MS, LoginPacer } from '#runner/placement/login-pacer.ts';
import { ScriptedTime } from './scripted-time.ts';

const GAP_MS = LOGIN_GAP_MS;

/** Notes who is let in, and when. */
function pacerAtWork() {
  const time = new ScriptedTime();
  const pacer = new LoginPacer(time);
  const letIn: [name: string, atMs: number][] = [];
  const sessionIn = (shard: number, name: string) => {
    const turns = pacer.turnsIn(shard);
    const stop = new AbortController();
    const wait = () =>
      turns(stop.signal).then(
        () => void letIn.push([name, time.monotonicMs()]),
        (reason: unknown) => void letIn.push([`${name}: ${reason}`, time.monotonicMs()]),
      );
    return { wait, stop };
  };
  const order = () => letIn.map(([name]) => name);
  return { pacer, time, letIn, sessionIn, order };
}

describe('LoginPacer', () => {
  it('lets the first one in at once', async () => {
    const { sessionIn, time, letIn } = pacerAtWork();
    void sessionIn(0, 'a').wait();
    await time.pass(0);
    expect(letIn).toEqual([['a', 0]]);
  });

  it('lets those that come together in one after the other', async () => {
    const { sessionIn, time, letIn } = pacerAtWork();
    for (const name of ['a', 'b', 'c']) void sessionIn(0, name).wait();
    await time.pass(10 * GAP_MS);
    expect(letIn).toEqual([
      ['a', 0],
      ['b', GAP_MS],
      ['c', 2 * GAP_MS],
    ]);
  });

  it('counts the time that has passed', async () => {
    const { sessionIn, time, letIn } = pacerAtWork();
    void sessionIn(0, 'a').wait();
    await time.pass(20);
    void sessionIn(0, 'b').wait();
    await time.pass(10 * GAP_MS);
    void sessionIn(0, 'c').wait();
    await time.pass(0);
    expect(letIn).toEqual([
      ['a', 0],
      ['b', GAP_MS],
      ['c', 10 * GAP_MS + 20],
    ]);
  });

  it('goes shard by shard, and then to those that were up before', async () => {
    const { sessionIn, time, order } = pacerAtWork();
    const again = sessionIn(0, 'again');
    void again.wait();
    await time.pass(0);
    void again.wait();
    void sessionIn(2, 'in shard 2').wait();
    void sessionIn(1, 'in shard 1').wait();
    void sessionIn(2, 'too').wait();
    void sessionIn(1, 'also').wait();
    await time.pass(10 * GAP_MS);
    expect(order()).toEqual(['again', 'in shard 1', 'also', 'in shard 2', 'too', 'again']);
  });

  it('tells how many of a shard wait for their first turn', async () => {
    const { pacer, sessionIn, time } = pacerAtWork();
    for (const shard of [1, 1, 2]) void sessionIn(shard, 'x').wait();
    expect([1, 2, 3].map((shard) => pacer.waitingIn(shard))).toEqual([1, 1, 0]);
    await time.pass(GAP_MS);
    expect([1, 2].map((shard) => pacer.waitingIn(shard))).toEqual([0, 1]);
    await time.pass(10 * GAP_MS);
    const session = sessionIn(1, 'again');
    for (let turn = 0; turn < 2; turn += 1) void session.wait();
    expect(pacer.waitingIn(1)).toBe(0);
  });

  it('gives the turn of one that is no longer wanted to the next', async () => {
    const { pacer, sessionIn, time, letIn } = pacerAtWork();
    const [first, gone, next] = ['first', 'gone', 'next'].map((name) => sessionIn(0, name));
    for (const session of [first, gone, next]) void session?.wait();
    await time.pass(0);
    gone?.stop.abort('stopped');
    first?.stop.abort('it has had its turn');
    expect(pacer.waitingIn(0)).toBe(1);
    await time.pass(GAP_MS);
    expect(letIn).toEqual([
      ['first', 0],
      ['gone: stopped', 0],
      ['next', GAP_MS],
    ]);
    void gone?.wait();
    await time.pass(0);
    expect(letIn.at(-1)?.[0]).toBe('gone: stopped');
  });
});
