import { describe } from 'vitest';
import type { Table } from '#shared/storage/table.ts';
import { opened } from './opened.ts';
import { conditionCases } from './table/condition-cases.ts';
import { modelCases } from './table/model-cases.ts';
import { pageCases } from './table/page-cases.ts';
import { queryCases } from './table/query-cases.ts';
import { transactionCases } from './table/transaction-cases.ts';
import { updateCases } from './table/update-cases.ts';

export type OpenTable = () => Promise<{ readonly table: Table; close(): Promise<void> }>;

/** What every home's `Table` does. Each test works in a partition of its own, so that one table serves all. */
export function tableContract(name: string, open: OpenTable): void {
  describe(name, () => {
    const home = opened(open);
    const table = () => home().table;
    describe('items and transactions', () => transactionCases(table));
    describe('conditions', () => conditionCases(table));
    describe('updates', () => updateCases(table));
    describe('queries', () => queryCases(table));
    describe('pages', () => pageCases(table));
    describe('any sequence of calls', () => modelCases(table));
  });
}
