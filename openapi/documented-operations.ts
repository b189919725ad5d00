import { operations as attachmentsOperations } from '#functions/attachments/handler.ts';
import { operations as authOperations } from '#functions/auth/handler.ts';
import { operations as botOperations } from '#functions/bot/handler.ts';
import { operations as contactsOperations } from '#functions/contacts/handler.ts';
import { operations as docsOperations } from '#functions/docs/handler.ts';
import { operations as healthOperations } from '#functions/health/handler.ts';
import type { Operation } from '#functions/http/define-route.ts';
import { operations as instancesOperations } from '#functions/instances/handler.ts';
import { operations as messagesOperations } from '#functions/messages/handler.ts';
import { operations as peopleOperations } from '#functions/people/handler.ts';
import { type Auth, routes } from '#functions/routes.ts';
import { operations as runnersOperations } from '#functions/runners/handler.ts';
import { operations as settingsOperations } from '#functions/settings/handler.ts';
import { operations as webhooksOperations } from '#functions/webhooks/handler.ts';
import { attachmentsDocs } from './groups/attachments.ts';
import { authDocs } from './groups/auth.ts';
import { botDocs } from './groups/bot.ts';
import { contactsDocs } from './groups/contacts.ts';
import { docsDocs } from './groups/docs.ts';
import { healthDocs } from './groups/health.ts';
import { instancesDocs } from './groups/instances.ts';
import { messagesDocs } from './groups/messages.ts';
import { peopleDocs } from './groups/people.ts';
import { runnersDocs } from './groups/runners.ts';
import { settingsDocs } from './groups/settings.ts';
import { webhooksDocs } from './groups/webhooks.ts';
import type { DocumentedGroup, OperationDoc } from './operation-doc.ts';

type GroupParts = {
  /** What the group is about, as the title of its folder. */
  readonly about: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly docs: Readonly<Record<string, OperationDoc>>;
};

/** The groups in the order in which a reader meets them. */
export const GROUPS: Readonly<Record<DocumentedGroup, GroupParts>> = {
  auth: { about: 'Accounts, logins and API keys', operations: authOperations, docs: authDocs },
  instances: {
    about: 'Instances, and how they are linked',
    operations: instancesOperations,
    docs: instancesDocs,
  },
  messages: { about: 'Messages', operations: messagesOperations, docs: messagesDocs },
  people: { about: 'Who is on WhatsApp', operations: peopleOperations, docs: peopleDocs },
  webhooks: {
    about: 'Events, and where they are posted to',
    operations: webhooksOperations,
    docs: webhooksDocs,
  },
  settings: { about: 'How the bots behave', operations: settingsOperations, docs: settingsDocs },
  bot: { about: 'What the bots answer', operations: botOperations, docs: botDocs },
  contacts: {
    about: 'The address book of an account',
    operations: contactsOperations,
    docs: contactsDocs,
  },
  attachments: {
    about: 'The files of an account',
    operations: attachmentsOperations,
    docs: attachmentsDocs,
  },
  runners: {
    about: 'Who works on what, for operators',
    operations: runnersOperations,
    docs: runnersDocs,
  },
  health: { about: 'Whether the API works', operations: healthOperations, docs: healthDocs },
  docs: { about: 'The description of the API', operations: docsOperations, docs: docsDocs },
};

/** A route with all that is known of it. */
export type DocumentedRoute = {
  readonly method: string;
  readonly path: string;
  readonly auth: Auth;
  readonly isDeprecated: boolean;
  readonly group: DocumentedGroup;
  /** The name of the operation, and of the route where several have one operation. */
  readonly operation: string;
  readonly operationId: string;
  readonly schemas: Pick<Operation, 'body' | 'query'>;
  readonly doc: OperationDoc;
};

/** The whole API but `$default`, in the order of the route table. */
export function documentedRoutes(): DocumentedRoute[] {
  const seen = new Map<string, number>();
  return routes.flatMap((route): DocumentedRoute[] => {
    const { method, path, auth, group, operation } = route;
    if (group === 'fallback') return [];
    const { operations, docs } = GROUPS[group];
    const described = operations[operation];
    const doc = docs[operation];
    if (!described || !doc) throw new Error(`Nothing says what ${operation} is.`);
    const count = (seen.get(operation) ?? 0) + 1;
    seen.set(operation, count);
    return [
      {
        method,
        path,
        auth,
        isDeprecated: 'deprecated' in route,
        group,
        operation,
        operationId: count === 1 ? operation : `${operation}${count}`,
        schemas: { ...described, ...(doc.alsoReads?.body && { body: doc.alsoReads.body }) },
        doc,
      },
    ];
  });
}
