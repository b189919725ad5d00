import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CorsRule,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EXPIRING_MEDIA_PREFIXES } from '#shared/contracts/media-keys.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Config } from '../config.ts';

/** How long a browser need not ask again. */
const PREFLIGHT_AGE = Duration.hours(1);

/** What customers and phones send. Customers reach it by presigned URLs alone. */
export class MediaBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { config }: { config: Config }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      cors: corsRules(config),
      lifecycleRules: [
        ...EXPIRING_MEDIA_PREFIXES.map((prefix) => ({
          prefix,
          expiration: Duration.days(config.mediaDays),
        })),
        // Of whoever was killed in the middle of one: nobody else gives it up.
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.bucket,
      'S1',
      'Who fetched an object is known from the call that made its URL. CloudTrail can be told to record more.',
    );
  }
}

/** Pages may upload to a presigned URL, and show what is under one. */
function corsRules({ corsOrigins }: Config): CorsRule[] {
  if (corsOrigins.length === 0) return [];
  return [
    {
      allowedOrigins: corsOrigins,
      allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
      allowedHeaders: ['content-type'],
      maxAge: PREFLIGHT_AGE.toSeconds(),
    },
  ];
}
