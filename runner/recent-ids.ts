/** The ids that were added last, so many at most: for what can be found out again of those that were forgotten. */
export class RecentIds {
  readonly #countMax: number;
  /** The one added last is the last. */
  readonly #ids = new Set<string>();

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > this.#countMax && oldest !== undefined) this.#ids.delete(oldest);
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }
}
