import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';

/** The feature flags that stand in cdk.json: they decide what the stacks become. */
const FLAGS = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'))).context;

/** An app that bundles no Lambdas, which takes long and is tested on its own. Its folder goes with the process. */
export function quickApp(context: Readonly<Record<string, unknown>> = {}): App {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  return new App({ outdir, context: { ...FLAGS, 'aws:cdk:bundling-stacks': [], ...context } });
}

const OneOrMore = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);
const Statement = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: OneOrMore,
  Resource: OneOrMore.optional(),
});
export type Statement = z.infer<typeof Statement>;

/** Every statement of every policy anywhere in a template, with the path to it. */
export function policyStatements(
  node: unknown,
  path = '',
): { path: string; statement: Statement }[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) => {
    const here = `${path}/${key}`;
    if (key !== 'Statement' || !Array.isArray(child)) return policyStatements(child, here);
    return child.map((statement) => ({ path: here, statement: Statement.parse(statement) }));
  });
}

/** The name of an import, or the logical name of a reference, stands for its value; queue URLs look like real ones. */
export function resolved(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = []] = Object.entries(z.record(z.string(), z.unknown()).parse(value));
  switch (name) {
    case 'Fn::Join': {
      const [delimiter, parts] = z.tuple([z.string(), z.array(z.unknown())]).parse(argument);
      return parts.map(resolved).join(delimiter);
    }
    case 'Fn::Select': {
      const [index, list] = z.tuple([z.coerce.number(), z.unknown()]).parse(argument);
      const { 'Fn::Split': split } = z
        .object({ 'Fn::Split': z.tuple([z.string(), z.unknown()]) })
        .parse(list);
      return resolved(split[1]).split(split[0])[index] ?? '';
    }
    case 'Fn::ImportValue':
    case 'Fn::Sub':
    case 'Ref':
      return reference(resolved(argument));
    case 'Fn::GetAtt':
      return reference(z.array(z.string()).parse(argument).join('.'));
    default:
      throw new Error(`What is ${name}?`);
  }
}

function reference(name: string): string {
  return name.includes('shard0000')
    ? 'https://sqs.eu-west-1.amazonaws.com/123456789012/whatsapp-bots-shard-0000.fifo'
    : name;
}
