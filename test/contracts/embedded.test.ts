import { blobsContract } from './blobs.contract.ts';
import {
  openEmbeddedBlobs,
  openEmbeddedKeyWrap,
  openEmbeddedQueue,
  openEmbeddedTable,
} from './embedded-home.ts';
import { keyWrapContract } from './key-wrap.contract.ts';
import { queueContract } from './queue.contract.ts';
import { tableContract } from './table.contract.ts';

tableContract('the embedded table', openEmbeddedTable);
queueContract('the embedded queue', openEmbeddedQueue);
blobsContract('the embedded blobs', openEmbeddedBlobs);
keyWrapContract('the embedded key wrap', openEmbeddedKeyWrap);
