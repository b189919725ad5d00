/** Sorts oldest first. Ids alone keep the order of seconds, times that of milliseconds. */
export function byCreation(a: { createdAt: string }, b: { createdAt: string }): number {
  if (a.createdAt === b.createdAt) return 0;
  return a.createdAt < b.createdAt ? -1 : 1;
}
