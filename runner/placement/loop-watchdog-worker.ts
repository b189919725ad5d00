import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import * as z from 'zod';

const Data = z.object({ ticks: z.instanceof(Int32Array), tickMs: z.number(), lateMs: z.number() });
const { ticks, tickMs, lateMs } = Data.parse(workerData);
const STDERR = 2;

let seen = Atomics.load(ticks, 0);
let stillMs = 0;
// Our own steps are counted, not the time: a process that was stopped as a whole is the fence's.
while (stillMs < lateMs) {
  await sleep(tickMs);
  const now = Atomics.load(ticks, 0);
  stillMs = now === seen ? stillMs + tickMs : 0;
  seen = now;
}
const line = { level: 'FATAL', message: 'The event loop stands still; the process is ended.' };
// The logger belongs to the loop that stands still.
writeSync(STDERR, `${JSON.stringify({ ...line, lateMs })}\n`);
process.kill(process.pid, 'SIGKILL');
