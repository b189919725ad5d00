import { onTestFinished } from 'vitest';
import {
  type EmbeddedStorage,
  openEmbeddedStorage,
} from '#shared/storage/embedded/open-embedded-storage.ts';
import { FakeClock } from './fake-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Nobody serves anything there. */
const BLOBS_URL = 'http://127.0.0.1:9';

/** An embedded home of the test's own, with a clock that the test moves. */
export async function openForTest(): Promise<{
  readonly dataDir: string;
  readonly clock: FakeClock;
  readonly storage: EmbeddedStorage;
}> {
  const dataDir = await temporaryFolder();
  const clock = new FakeClock();
  const storage = await openEmbeddedStorage({ dataDir, baseUrl: BLOBS_URL, now: clock.now });
  onTestFinished(async () => await storage.close());
  return { dataDir, clock, storage };
}
