import { expect, it } from 'vitest';
import { parseCommand } from '../../../infra/journal/parse-command.ts';

const ID = '65f0c0ffee65f0c0ffee65f0';
const LOCAL = { kind: 'local', dataDir: undefined };

it('understands what is asked', () => {
  expect(parseCommand(['inspect', '--instance', ID])).toEqual({
    kind: 'inspect',
    instanceId: ID,
    home: LOCAL,
  });
  expect(parseCommand(['restore', '--instance', ID, '--to', '17', '--data-dir', 'x'])).toEqual({
    kind: 'restore',
    instanceId: ID,
    to: 17,
    home: { kind: 'local', dataDir: 'x' },
  });
  expect(parseCommand(['inspect', '--instance', ID, '--aws', '--region', 'eu-west-1'])).toEqual({
    kind: 'inspect',
    instanceId: ID,
    home: { kind: 'aws', stack: undefined, region: 'eu-west-1' },
  });
  for (const help of [[], ['--help'], ['restore', '-h']]) {
    expect(parseCommand(help)).toEqual({ kind: 'help' });
  }
});

it.each([
  [['inspect'], '--instance'],
  [['inspect', '--instance', 'x'], '--instance'],
  [['inspect', '--instance', ID, '--to', '3'], '--to does not go with inspect'],
  [['restore', '--instance', ID, '--to', '0'], '--to must be'],
  [['restore', '--instance', ID, '--to', 'x'], '--to must be'],
  [['erase', '--instance', ID], 'not "erase"'],
  [['--instance', ID], 'Say "inspect" or "restore"'],
  [['inspect', 'more', '--instance', ID], "'more'"],
  [['inspect', '--instance', ID, '--stack', 'x'], '--stack goes with --aws'],
  [['inspect', '--instance', ID, '--aws', '--data-dir', 'x'], '--data-dir does not go'],
  [['inspect', '--nonsense'], '--nonsense'],
])('says what is wrong with %j', (args, fault) => {
  const command = parseCommand(args);
  expect(command).toMatchObject({ kind: 'wrong', message: expect.stringContaining(fault) });
});
