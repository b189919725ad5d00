const AT_ONCE_MAX = 16;

/** What `work` makes of each, in order; so many at once as a store takes gladly. */
export async function inParallel<T, R>(
  all: readonly T[],
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < all.length; start += AT_ONCE_MAX) {
    results.push(...(await Promise.all(all.slice(start, start + AT_ONCE_MAX).map(work))));
  }
  return results;
}
