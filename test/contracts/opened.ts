import { afterAll, beforeAll } from 'vitest';

/** Opens what the tests of a `describe` share before the first of them, and closes it after the last. */
export function opened<T extends { close(): Promise<void> }>(open: () => Promise<T>): () => T {
  let home: T | undefined;
  beforeAll(async () => {
    home = await open();
  });
  afterAll(async () => {
    await home?.close();
  });
  return () => {
    if (home === undefined) throw new Error('The home is open only while the tests run.');
    return home;
  };
}
