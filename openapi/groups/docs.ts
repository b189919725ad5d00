import * as z from 'zod';
import type { GroupDocs } from '../operation-doc.ts';

export const docsDocs = {
  showOpenapi: {
    summary: 'Get this document',
    answers: {
      200: {
        description: 'OpenAPI 3.1; `servers` is the address of the call.',
        contents: {
          'application/json': {
            schema: z.looseObject({ openapi: z.string(), info: z.looseObject({}) }),
          },
        },
      },
    },
    examples: { default: {} },
  },
  showDocs: {
    summary: 'Read the API, and try it',
    answers: {
      200: { description: 'A page.', contents: { 'text/html': { schema: z.string() } } },
    },
    examples: { default: {} },
  },
  showDocsFile: {
    summary: 'Get a file of that page',
    params: { file: 'The name of the file.' },
    answers: {
      200: {
        description: 'The file.',
        contents: {
          'text/javascript': { schema: z.string() },
          'text/css': { schema: z.string() },
          'text/plain': { schema: z.string() },
          'image/png': { schema: z.string().meta({ format: 'binary' }) },
        },
      },
    },
    examples: { default: { params: { file: 'swagger-ui.css' } } },
  },
} satisfies GroupDocs<'docs'>;
