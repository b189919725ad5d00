import { getDeps } from '../deps.ts';
import { groupHandler } from '../http/group-handler.ts';
import { showDocs } from './show-docs.ts';
import { showDocsFile } from './show-docs-file.ts';
import { showOpenapi } from './show-openapi.ts';

export const operations = { showOpenapi, showDocs, showDocsFile };

export const makeHandler = groupHandler('docs', operations);

export const handler = makeHandler(getDeps);
