import type { MessageCodec } from './codec.ts';

type ScalarValue = {
  bytes: Uint8Array;
  string: string;
  bool: boolean;
  uint32: number;
  int32: number;
  fixed32: number;
  sfixed32: number;
  uint64: number;
  int64: number;
  double: number;
  float: number;
};
type Scalar = keyof ScalarValue;
type Rule = 'optional' | 'repeated';

/** One field of a message; `Value` exists only for the compiler. */
export type Field<Value> = {
  readonly id: number;
  readonly rule: Rule;
  readonly type: string;
  readonly value?: Value;
};

type NestedField<Value> = Field<Value> & { readonly codec: () => MessageCodec<unknown> };

/** The TypeScript type of a message with these fields: all optional, as in proto2. */
export type Fields<F extends Record<string, Field<unknown>>> = {
  readonly [K in keyof F]?: F[K] extends Field<infer Value> ? Value | undefined : never;
};

/** A number, text or bytes. 64-bit integers are JavaScript numbers: all of ours are below 2^53. */
export function scalar<S extends Scalar>(id: number, type: S): Field<ScalarValue[S]> {
  return { id, rule: 'optional', type };
}

/** Another message; a function, because messages may contain each other. */
export function nested<Value>(id: number, codec: () => MessageCodec<Value>): Field<Value> {
  const field: NestedField<Value> = { id, rule: 'optional', type: '', codec };
  return field;
}

/** Any number of this field's values. */
export function repeated<Value>(field: Field<Value>): Field<readonly Value[]> {
  const { value: _value, ...rest } = field;
  return { ...rest, rule: 'repeated' };
}

export function isNestedField<Value>(field: Field<Value>): field is NestedField<Value> {
  return 'codec' in field;
}
