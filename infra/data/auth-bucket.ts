import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Config } from '../config.ts';
import { named } from '../names.ts';

/** Long enough to find out that an instance's state was deleted or damaged, and to bring it back. */
const OLD_VERSIONS_KEPT = Duration.days(7);

/** What a journal is made of: `runner/journal/journal-keys.ts` names it. Each is written once. */
const JOURNAL_BLOBS = ['auth/*/j/*', 'auth/*/key/*', 'auth/*/snap/*'];

/**
 * The keys with which instances speak to WhatsApp: who has them is them. They have a key of their own, so that
 * nobody reads them who may only read S3.
 */
export class AuthBucket extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;

  constructor(scope: Construct, id: string, { config }: { config: Config }) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: named(config, 'auth'),
      description: 'Encrypts the auth state of WhatsApp instances.',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      // One data key for many objects: a KMS call for each would cost more than the writes.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: OLD_VERSIONS_KEPT,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#enforceConditionalWrites();
    acknowledge(
      this.bucket,
      'S1',
      'Every message is a write here, so the access log would be larger than the data. Only the runner may read or write, and CloudTrail can be told to record it.',
    );
  }

  /**
   * A journal is only safe while no part of it can be replaced, not even by our own code with a bug, so the bucket
   * refuses whatever does not say `If-None-Match`. A multipart upload says it only at its end, and is refused from
   * its beginning: a record is one PutObject.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
   */
  #enforceConditionalWrites(): void {
    const refusePutObject = (sid: string, condition: Readonly<Record<string, 'true' | 'false'>>) =>
      this.bucket.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['s3:PutObject'],
          resources: JOURNAL_BLOBS.map((blobs) => this.bucket.arnForObjects(blobs)),
          conditions: { Null: condition },
        }),
      );
    refusePutObject('JournalOnlyIfNoneMatch', { 's3:if-none-match': 'true' });
    refusePutObject('JournalNeverIfMatch', { 's3:if-match': 'false' });
  }
}
