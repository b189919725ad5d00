import { type InspectedBlob, inspectJournal } from '#runner/journal/inspect-journal.ts';
import { JournalStore } from '#runner/journal/journal-store.ts';
import { type RestoreOutcome, restoreJournal } from '#runner/journal/restore-journal.ts';
import { OperatorError } from '../operator/operator-error.ts';
import type { JournalEnv } from './env.ts';
import { openJournals } from './open-journals.ts';
import type { Command } from './parse-command.ts';

export type CommandDeps = {
  readonly env: JournalEnv;
  readonly now: () => Date;
  readonly randomBytes: (count: number) => Buffer;
};

type Work = Extract<Command, { kind: 'inspect' | 'restore' }>;

/** Does what the command says, and answers what to tell the operator. Throws `OperatorError`. */
export async function runCommand(command: Work, deps: CommandDeps): Promise<string> {
  const storage = await openJournals(command.home, deps.env);
  const { authBlobs: blobs, keyWrap } = storage;
  const store = new JournalStore(command.instanceId, { ...deps, blobs, keyWrap });
  try {
    switch (command.kind) {
      case 'inspect':
        return await inspect(store);
      case 'restore':
        return tell(await restoreJournal(store, { to: command.to, now: deps.now }));
    }
  } finally {
    await storage.close();
  }
}

async function inspect(store: JournalStore): Promise<string> {
  const { blobs, keyIds } = await inspectJournal(store);
  if (blobs.length === 0) throw new OperatorError('There is no journal of this instance here.');
  const bad = blobs.filter(({ fault }) => fault !== undefined).length;
  const verdict = bad === 0 ? 'All of it verifies.' : `${bad} do not verify.`;
  const end = `${blobs.length} records and snapshots, ${keyIds.length} keys. ${verdict}\n`;
  return `${['number       type     epoch  bytes    written', ...blobs.map(toLine)].join('\n')}\n${end}`;
}

function toLine({ kind, seq, bytes, header, fault }: InspectedBlob): string {
  const type = header?.type ?? (kind === 'snap' ? 'SNAPSHOT' : '?');
  const at = header === undefined ? '?' : new Date(header.atMs).toISOString();
  const cells = [
    String(seq).padEnd(12),
    type.padEnd(8),
    String(header?.epoch ?? '?').padEnd(6),
    String(bytes).padEnd(8),
    at,
    ...(fault === undefined ? [] : [`CORRUPT: ${fault}`]),
  ];
  return cells.join(' ');
}

function tell(outcome: RestoreOutcome): string {
  switch (outcome.kind) {
    case 'restored':
      return restored(outcome);
    case 'sound':
      throw new OperatorError(
        'All of this journal verifies: there is nothing to restore. To go back to an earlier record, name it with --to.',
      );
    case 'nothing_there':
      throw new OperatorError('There is no journal of this instance here.');
    case 'nothing_good':
      throw new OperatorError(
        'Nothing of this journal verifies. Is its key there (auth.key in the data folder, the KMS key on AWS)? Otherwise log the instance out and link it anew.',
      );
    case 'in_use':
      throw new OperatorError('Somebody writes this journal. Stop the instance first.');
  }
}

function restored({ from, at, lost }: Extract<RestoreOutcome, { kind: 'restored' }>): string {
  return `The state of record ${from} is the current one; the journal goes on behind ${at}. Call /whatsapp/init to start the instance.

${lost} later records are left out, and kept under quarantine/. What the instance sent and received in between is known to
the phones and not to this state, so it goes on with new Signal sessions: phones are asked to send some messages again.
Should that not settle within minutes, log the instance out and link it anew.
`;
}
