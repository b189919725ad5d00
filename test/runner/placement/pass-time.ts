import type { ScriptedTime } from './scripted-time.ts';

const STEP_MS = 250;
/** Turns of the event loop in which the embedded table answers whatever was asked at one time. */
const TURNS = 12;

/** Lets scripted time pass in steps, with turns enough for what the table is asked in each. */
export async function passTime(time: ScriptedTime, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) await step(time, STEP_MS);
}

/** Lets scripted time pass until the condition holds, and answers how long that took. */
export async function passTimeUntil(
  time: ScriptedTime,
  { what, withinMs }: { what: string; withinMs: number },
  condition: () => boolean | Promise<boolean>,
): Promise<number> {
  await step(time, 0);
  for (let passed = 0; passed <= withinMs; passed += STEP_MS) {
    if (await condition()) return passed;
    await step(time, STEP_MS);
  }
  throw new Error(`Waited in vain until ${what}.`);
}

async function step(time: ScriptedTime, ms: number): Promise<void> {
  await time.pass(ms);
  for (let turn = 0; turn < TURNS; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
