import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { DataStack } from './data-stack.ts';

/** What may be done to media. */
export type MediaAccess = 'read' | 'write' | 'delete';

const OBJECT_ACTIONS: Readonly<Record<MediaAccess, readonly string[]>> = {
  read: ['s3:GetObject'],
  // A long file is written in parts, and those of one that broke off are given up: the other rights are PutObject.
  write: ['s3:PutObject', 's3:AbortMultipartUpload'],
  delete: ['s3:DeleteObject'],
};

/** Lets the grantee, which stands within the scope, do this to the media, by itself and by the URLs that it makes. */
export function grantMedia(
  scope: IConstruct & IGrantable,
  data: DataStack,
  access: readonly MediaAccess[],
): void {
  if (access.length === 0) return;
  const bucket = data.exportValue(data.mediaBucket.bucketArn);
  const objects = `${bucket}/*`;
  const allow = (sid: string, actions: readonly string[], resource: string) =>
    scope.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ sid, actions: [...actions], resources: [resource] }),
    );
  allow(
    'Media',
    access.flatMap((one) => OBJECT_ACTIONS[one]),
    objects,
  );
  // Without it a blob that is not there would look like one that is forbidden.
  if (access.includes('read')) allow('AllMedia', ['s3:ListBucket'], bucket);
  acknowledgeWildcard(
    scope,
    objects,
    'Whose media it is changes with every call and every session: it may be that of each.',
  );
}
