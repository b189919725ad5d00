import { encodeTime } from 'ulid';

/** ULIDs hold 48 bits of milliseconds since 1970. */
const EPOCH_MS_MAX = 2 ** 48 - 1;
const RANDOM_CHARACTERS = 16;

/** The least and the greatest ULID that are made from one moment to another, both included. */
export function ulidRange({
  since,
  until,
}: {
  since?: Date | undefined;
  until?: Date | undefined;
}): { from: string; to: string } {
  return {
    from: timeOf(since?.getTime() ?? 0) + '0'.repeat(RANDOM_CHARACTERS),
    to: timeOf(until?.getTime() ?? EPOCH_MS_MAX) + 'Z'.repeat(RANDOM_CHARACTERS),
  };
}

function timeOf(epochMs: number): string {
  return encodeTime(Math.min(Math.max(epochMs, 0), EPOCH_MS_MAX));
}
