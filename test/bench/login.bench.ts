/**
 * `npm run bench:login`: what it costs when another runner takes over sessions, in CPU time of the runner and of the
 * simulated WhatsApp: TLS, Noise, opening the journal, and what Baileys asks for. Reads proc_pid_stat(5): Linux alone.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ChaosSystem } from '../chaos/chaos-system.ts';
import { ChaosTraffic } from '../chaos/chaos-traffic.ts';
import { linkInstances, loginsOf } from '../chaos/link-instances.ts';
import { settleUntil } from '../chaos/settle.ts';
import { WebhookBook } from '../chaos/webhook-book.ts';

const SESSIONS = 60;
const ROUNDS = 3;
/** Messages of each session, each way, before each round: its journal has so many records more. */
const MESSAGES = 20;
const TRAFFIC_MS = 20_000;
const TIMEOUT_MS = 60_000;
const SCALE = 0.2;
const LOOK_EVERY_MS = 100;

const print = (line: string) => process.stdout.write(`${line}\n`);
const MS_PER_TICK = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time of a process and its threads. The fields are counted behind the name, which may hold spaces. */
async function cpuMs(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]];
  return (Number(user) + Number(system)) * MS_PER_TICK;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + TIMEOUT_MS;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`Waited in vain for ${what}.`);
    await delay(LOOK_EVERY_MS);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'whatsapp-bots-login-'));
const system = await ChaosSystem.start({ runners: 1, scale: SCALE }, folder);
const book = await WebhookBook.open();
try {
  const { api, simulator, simulatorPid } = system;
  const [runner] = system.places;
  if (runner === undefined) throw new Error('There is no runner.');
  const linked = await linkInstances(SESSIONS, { api, simulator, webhookUrl: book.url });
  for (const instance of linked) book.add(instance);
  print(`${SESSIONS} sessions, taken over by another runner ${ROUNDS} times; CPU time of a login:`);
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const traffic = new ChaosTraffic({ linked, api, simulator, seed, overMs: TRAFFIC_MS });
    const count = MESSAGES * SESSIONS;
    await traffic.run({ sends: count, inbound: count }, AbortSignal.timeout(TIMEOUT_MS));
    await settleUntil(() => book.eventCount >= seed * count, performance.now() + TIMEOUT_MS);

    const before = await loginsOf(simulator);
    const { pid } = runner.process;
    await runner.process.kill();
    await until('another runner', () => (runner.process.pid ?? pid) !== pid);
    const startMs = performance.now();
    const [runnerMs, simulatorMs] = [await cpuMs(runner.process.pid), await cpuMs(simulatorPid)];
    await until('every session', async () => {
      const now = await loginsOf(simulator);
      return [...before].every(([number, login]) => (now.get(number) ?? login) > login);
    });
    const tookS = (performance.now() - startMs) / 1_000;
    const each = async (process: number | undefined, sinceMs: number) =>
      (((await cpuMs(process)) - sinceMs) / SESSIONS).toFixed(1);
    print(
      `  runner ${await each(runner.process.pid, runnerMs)} ms, simulator ${await each(simulatorPid, simulatorMs)} ms, all within ${tookS.toFixed(1)} s`,
    );
  }
  await system.stop();
} finally {
  await system.kill();
  await book.close();
  await rm(folder, { recursive: true, force: true });
}
