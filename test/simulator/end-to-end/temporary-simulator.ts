import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';

import { type Simulator, startSimulator } from '#simulator/simulator.ts';

/** A simulator on free ports with a data folder of its own; it can be started again on the same. */
export class TemporarySimulator {
  readonly #dataDir: string;
  #simulator: Simulator;

  private constructor(dataDir: string, simulator: Simulator) {
    this.#dataDir = dataDir;
    this.#simulator = simulator;
  }

  static async start(): Promise<TemporarySimulator> {
    const dataDir = await mkdtemp(join(tmpdir(), 'simulator-'));
    return new TemporarySimulator(dataDir, await startIn(dataDir));
  }

  get current(): Simulator {
    return this.#simulator;
  }

  get dataDir(): string {
    return this.#dataDir;
  }

  /** Ends it and starts it again on the same data and the same WebSocket port. */
  async restart(): Promise<Simulator> {
    const wsPort = Number(new URL(this.#simulator.url).port);
    await this.#simulator.close();
    this.#simulator = await startIn(this.#dataDir, wsPort);
    return this.#simulator;
  }

  async remove(): Promise<void> {
    await this.#simulator.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

function startIn(dataDir: string, wsPort = 0): Promise<Simulator> {
  return startSimulator({ dataDir, wsPort, logger: pino({ level: 'silent' }) });
}
