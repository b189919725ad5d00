import { ACCOUNT, REGION } from './harness/emulator.ts';

/** What other stacks export, by the name of the export. */
export type Exports = ReadonlyMap<string, string>;

const PSEUDO_PARAMETERS: ReadonlyMap<unknown, string> = new Map([
  ['AWS::AccountId', ACCOUNT],
  ['AWS::Partition', 'aws'],
  ['AWS::Region', REGION],
  ['AWS::URLSuffix', 'amazonaws.com'],
]);

/**
 * A part of a template with CloudFormation's functions worked out, as far as it depends on other stacks alone.
 * Throws for anything else, such as a resource of a stack that is not deployed.
 */
export function resolveTemplate(value: unknown, exports: Exports): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveTemplate(item, exports));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value);
  const [first] = fields;
  if (first && fields.length === 1 && isFunction(first[0])) {
    return callFunction(first[0], resolveTemplate(first[1], exports), exports);
  }
  return Object.fromEntries(fields.map(([name, item]) => [name, resolveTemplate(item, exports)]));
}

function isFunction(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

function callFunction(name: string, argument: unknown, exports: Exports): unknown {
  switch (name) {
    case 'Ref':
      return found(PSEUDO_PARAMETERS.get(argument), name, argument);
    case 'Fn::ImportValue':
      return found(exports.get(String(argument)), name, argument);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, string[]];
      return parts.join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = argument as [string, string];
      return text.split(separator);
    }
    case 'Fn::Select': {
      const [index, items] = argument as [number | string, unknown[]];
      return found(items[Number(index)], name, argument);
    }
    default:
      throw new Error(`${name} is not known here: ${JSON.stringify(argument)}`);
  }
}

function found<T>(value: T | undefined, name: string, argument: unknown): T {
  if (value !== undefined) return value;
  throw new Error(`${name} leads nowhere: ${JSON.stringify(argument)}`);
}
