export type MediaDirection = 'upload' | 'download';

/** What can go wrong with a request to the media server; without `direction` with either. */
export type MediaFault = { readonly direction?: MediaDirection | undefined } & (
  | { readonly kind: 'media'; readonly status: number }
  | { readonly kind: 'slow-media'; readonly ms: number }
);

/** What a request meets: how long its answer waits, and the refusal in place of an answer. */
export type MetFaults = { readonly delayMs: number; readonly status: number | undefined };

/**
 * The faults that wait for requests to the media server. The server does not know who asks, so
 * they strike whoever comes next. They are kept in memory, like the FaultBook.
 */
export class MediaFaults {
  #waiting: { readonly fault: MediaFault; times: number }[] = [];

  /** The next `times` requests meet the fault. */
  add(fault: MediaFault, times: number): void {
    this.#waiting.push({ fault, times });
  }

  /** What this request meets, at most one fault of each kind; counts them. */
  take(direction: MediaDirection): MetFaults {
    const slow = this.#takeFirst(direction, 'slow-media');
    const refusal = this.#takeFirst(direction, 'media');
    return {
      delayMs: slow?.kind === 'slow-media' ? slow.ms : 0,
      status: refusal?.kind === 'media' ? refusal.status : undefined,
    };
  }

  #takeFirst(direction: MediaDirection, kind: MediaFault['kind']): MediaFault | undefined {
    const found = this.#waiting.find(
      ({ fault }) =>
        fault.kind === kind && (fault.direction === undefined || fault.direction === direction),
    );
    if (!found) return undefined;
    found.times -= 1;
    if (found.times === 0) this.#waiting = this.#waiting.filter((other) => other !== found);
    return found.fault;
  }
}
