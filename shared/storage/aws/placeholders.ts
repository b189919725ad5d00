import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Value } from '../table.ts';
import { encodeValue } from './attribute-value.ts';

/**
 * The names and values of one request. Neither ever stands in an expression itself, so that an attribute may be called
 * `size`, `#` or a thing that DynamoDB reserves next year.
 */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values: AttributeValue[] = [];

  /** What stands for the attribute's name; the same for the same name. */
  name(attribute: string): string {
    const placeholder = this.#names.get(attribute) ?? `#n${this.#names.size}`;
    this.#names.set(attribute, placeholder);
    return placeholder;
  }

  value(value: Value): string {
    return `:v${this.#values.push(encodeValue(value)) - 1}`;
  }

  /** The part of the request; DynamoDB takes no empty one. */
  toRequest() {
    const names = [...this.#names].map(([attribute, placeholder]) => [placeholder, attribute]);
    const values = this.#values.map((value, index) => [`:v${index}`, value]);
    return {
      ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
      ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    };
  }
}
