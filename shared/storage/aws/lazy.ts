/** Makes something long-lived at its first use, once, and closes it if it was ever made. */
export class Lazy<T extends { close(): void }> {
  readonly #make: () => Promise<T>;
  #made: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  async get(): Promise<T> {
    this.#made ??= this.#make();
    return await this.#made;
  }

  async close(): Promise<void> {
    (await this.#made)?.close();
  }
}
