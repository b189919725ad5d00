import { expect, it } from 'vitest';
import { HELP, parseCommand } from '../../../infra/account/parse-command.ts';

const parse = (line: string) => parseCommand(line.split(' ').filter((word) => word !== ''));

it('understands what there is to do, and where', () => {
  expect(parse('create --email Ann@Example.com --name Ann')).toEqual({
    kind: 'create',
    email: 'ann@example.com',
    name: 'Ann',
    isPasswordGiven: false,
    home: { kind: 'local', dataDir: undefined },
  });
  expect(parse('create --email a@b.co --data-dir /data --password-stdin')).toMatchObject({
    isPasswordGiven: true,
    home: { kind: 'local', dataDir: '/data' },
  });
  expect(parse('reset-password --email a@b.co --aws')).toEqual({
    kind: 'reset-password',
    email: 'a@b.co',
    isPasswordGiven: false,
    home: { kind: 'aws', stack: undefined, region: undefined },
  });
  expect(parse('grant-admin --email a@b.co')).toEqual({
    kind: 'grant-admin',
    email: 'a@b.co',
    home: { kind: 'local', dataDir: undefined },
  });
  expect(parse('create --email a@b.co --aws --stack Mine --region eu-west-1')).toMatchObject({
    home: { kind: 'aws', stack: 'Mine', region: 'eu-west-1' },
  });
});

it.each(['', '--help', 'create --help', '-h'])('helps with "%s"', (line) => {
  expect(parse(line)).toEqual({ kind: 'help' });
});

it.each([
  ['drop --email a@b.co', '"drop"'],
  ['--email a@b.co', '"create", "reset-password", "grant-admin", "revoke-admin"'],
  ['grant-admin', '--email'],
  ['grant-admin --email a@b.co --password-stdin', '--password-stdin does not go with grant-admin'],
  ['revoke-admin --email a@b.co --name x', '--name does not go with revoke-admin'],
  ['create', '--email'],
  ['create --email nobody', '--email'],
  ['create --email', '--email'],
  ['create --email a@b.co --mail x', "'--mail'"],
  ['create --email a@b.co extra', "'extra'"],
  ['create --email a@b.co --aws=yes', '--aws'],
  ['create --email a@b.co --region eu-west-1', '--region goes with --aws'],
  ['create --email a@b.co --stack Mine', '--stack goes with --aws'],
  ['create --email a@b.co --aws --data-dir x', '--data-dir does not go with --aws'],
  ['reset-password --email a@b.co --name x', '--name does not go with reset-password'],
  [`create --email a@b.co --name ${'x'.repeat(101)}`, '--name'],
])('names what is wrong with "%s"', (line, fault) => {
  expect(parse(line)).toEqual({ kind: 'wrong', message: expect.stringContaining(fault) });
});

it('tells of every option in the help', () => {
  for (const option of ['email', 'name', 'password-stdin', 'data-dir', 'aws', 'stack', 'region']) {
    expect(HELP).toContain(`--${option} `);
  }
});
