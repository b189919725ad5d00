/** Where what an operator works on is kept. */
export type Home =
  | { readonly kind: 'local'; readonly dataDir: string | undefined }
  | {
      readonly kind: 'aws';
      readonly stack: string | undefined;
      readonly region: string | undefined;
    };

/** What every command of an operator takes, for `parseArgs`. */
export const HOME_OPTIONS = {
  'data-dir': { type: 'string' },
  aws: { type: 'boolean' },
  stack: { type: 'string' },
  region: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type HomeValues = {
  readonly 'data-dir'?: string | undefined;
  readonly aws?: boolean | undefined;
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
};

export function toHome({ aws, stack, region, ...values }: HomeValues): Home {
  return aws ? { kind: 'aws', stack, region } : { kind: 'local', dataDir: values['data-dir'] };
}

/** Which option does not go with the others, in a sentence. */
export function misplacedHomeOption(values: HomeValues): string | undefined {
  if (values.aws) {
    return values['data-dir'] === undefined ? undefined : '--data-dir does not go with --aws.';
  }
  const needsAws = (['stack', 'region'] as const).find((option) => values[option] !== undefined);
  return needsAws && `--${needsAws} goes with --aws.`;
}

/** What Node says of arguments that it cannot read, without its advice about its own notation. */
export function argumentFault(error: unknown): string {
  const [fault] = error instanceof Error ? error.message.split('. ') : [String(error)];
  return `${fault?.replace(/\.$/, '')}.`;
}
