import { expect } from 'vitest';

type StreamedEvent = { readonly id: string; readonly event: string; readonly data: string };

const WAIT = { timeout: 5_000, interval: 10 };

/** A stream of server-sent events as a client reads it. */
export class OpenStream {
  readonly status: number;
  readonly contentType: string | null;
  readonly #controller: AbortController;
  #text = '';
  #isOver = false;

  private constructor(response: Response, controller: AbortController) {
    this.status = response.status;
    this.contentType = response.headers.get('content-type');
    this.#controller = controller;
    void this.#read(response);
  }

  static async open(url: string, headers: Record<string, string>): Promise<OpenStream> {
    const controller = new AbortController();
    const response = await fetch(url, { headers, signal: controller.signal });
    return new OpenStream(response, controller);
  }

  /** What has a name or data, as a browser's EventSource would tell of it. */
  get events(): readonly StreamedEvent[] {
    return this.#text
      .split('\n\n')
      .slice(0, -1)
      .map((frame) => ({
        id: fieldOf(frame, 'id'),
        event: fieldOf(frame, 'event'),
        data: fieldOf(frame, 'data'),
      }))
      .filter(({ data }) => data !== '');
  }

  async untilEvents(count: number): Promise<void> {
    await expect.poll(() => this.events.length, WAIT).toBe(count);
  }

  async untilText(text: string): Promise<void> {
    await expect.poll(() => this.#text, WAIT).toContain(text);
  }

  async untilEnd(): Promise<void> {
    await expect.poll(() => this.#isOver, WAIT).toBe(true);
  }

  leave(): void {
    this.#controller.abort();
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) {
        this.#text += decoder.decode(bytes, { stream: true });
      }
      this.#isOver = true;
    } catch (error) {
      // It was left.
      if (!this.#controller.signal.aborted) throw error;
    }
  }
}

function fieldOf(frame: string, name: string): string {
  const lines = frame.split('\n').filter((line) => line.startsWith(`${name}: `));
  return lines.map((line) => line.slice(name.length + 2)).join('\n');
}
