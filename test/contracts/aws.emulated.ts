import { openAwsBlobs, openAwsKeyWrap, openAwsQueue, openAwsTable } from './aws-home.ts';
import { blobsContract } from './blobs.contract.ts';
import { keyWrapContract } from './key-wrap.contract.ts';
import { queueContract } from './queue.contract.ts';
import { tableContract } from './table.contract.ts';

/** The very suites of the embedded home, against the services at `AWS_ENDPOINT_URL`. */
tableContract('the table of DynamoDB', openAwsTable);
queueContract('the queue of SQS', openAwsQueue);
blobsContract('the blobs of S3', openAwsBlobs);
keyWrapContract('the key wrap of KMS', openAwsKeyWrap);
