import type { KeywordRule } from '../bot/keyword-rule.ts';
import type { KeywordRepository } from './keyword-repository.ts';

type Known = { readonly version: number; readonly rules: readonly KeywordRule[] };

/**
 * The keyword rules of the instances last asked for, from memory as long as none has changed. What was compiled of them
 * goes with them: `findRule` keeps it by the very rules that it was given.
 */
export class KnownRules {
  readonly #keywords: Pick<KeywordRepository, 'all' | 'version'>;
  readonly #instancesMax: number;
  /** The one asked for last is the last. */
  readonly #known = new Map<string, Known>();

  constructor(keywords: Pick<KeywordRepository, 'all' | 'version'>, instancesMax: number) {
    this.#keywords = keywords;
    this.#instancesMax = instancesMax;
  }

  /** Every rule of an instance, the oldest first. */
  async of(instanceId: string): Promise<readonly KeywordRule[]> {
    const version = await this.#keywords.version(instanceId);
    const known = this.#known.get(instanceId);
    if (known?.version === version) return this.#keep(instanceId, known);
    const rules = version === 0 ? [] : await this.#keywords.all(instanceId);
    return this.#keep(instanceId, { version, rules });
  }

  #keep(instanceId: string, known: Known): readonly KeywordRule[] {
    this.#known.delete(instanceId);
    this.#known.set(instanceId, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#instancesMax && oldest !== undefined) this.#known.delete(oldest);
    return known.rules;
  }
}
