import { App } from 'aws-cdk-lib';
import { readConfig } from './config.ts';
import { DataStack } from './data-stack.ts';

const app = new App();
const config = readConfig((name) => app.node.tryGetContext(name));
new DataStack(app, 'WhatsappBotsData', { config });
app.synth();
