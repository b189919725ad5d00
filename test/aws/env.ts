import { dirname } from 'node:path';

/**
 * The environment of a process that must not see more of this machine than it needs: an emulator hands its own
 * environment on to its Lambdas. The Node that runs this is the first `node` on the PATH.
 */
export function cleanEnv(extra: Readonly<Record<string, string>>): Record<string, string> {
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  return { PATH: path, LANG: process.env['LANG'] ?? 'C.UTF-8', ...extra };
}

/** This process's own environment and more, for tools that a person has configured: pip, docker. */
export function wholeEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const defined = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(defined), ...extra };
}

/** The Python that a person has chosen. */
export function chosenPython(): string | undefined {
  return process.env['PYTHON'];
}

/** The file of authorities that this machine's Node trusts besides its own. */
export function ownAuthoritiesFile(): string | undefined {
  return process.env['NODE_EXTRA_CA_CERTS'];
}

/** The file that says what is deployed where; `npm run test:aws` sets it for the tests. */
export function deploymentFile(): string {
  const path = process.env['DEPLOYMENT_FILE'];
  if (path === undefined) throw new Error('These tests run through `npm run test:aws`.');
  return path;
}
