const RETRY_DELAY_MS = 500;

export type Patience = {
  readonly triesMax: number;
  readonly sleep: (delayMs: number) => Promise<void>;
};

/**
 * Tries work again that may fail for a moment, as the table may be away: after half a second, then after half a second
 * more each time. `tries` counts from 1. Rejects as the last try did.
 */
export async function withPatience(
  work: (tries: number) => Promise<void>,
  { triesMax, sleep }: Patience,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work(tries);
    } catch (cause) {
      if (tries >= triesMax) throw cause;
      await sleep(RETRY_DELAY_MS * tries);
    }
  }
}
