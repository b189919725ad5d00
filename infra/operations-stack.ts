import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { ApiStack } from './api-stack.ts';
import type { Config } from './config.ts';
import { addAlarm, alarmRules } from './operations/alarms.ts';
import { addDashboard } from './operations/dashboard.ts';

export type OperationsStackProps = StackProps & {
  readonly config: Config;
  readonly api: ApiStack;
};

/** What tells people how the system is: the alarms, whom they call, and one page to look at. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, { config, api, ...props }: OperationsStackProps) {
    super(scope, id, { description: 'WhatsApp bots: the alarms and the dashboard.', ...props });
    const topic = this.#makeTopic(config);
    const watched = {
      apiId: api.api.apiId,
      messagesFunctionName: api.functions.messages.lambda.functionName,
    };
    const alarms = alarmRules(config, watched).map((rule) =>
      addAlarm(this, rule, { config, topic }),
    );
    addDashboard(this, { config, alarms });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }

  #makeTopic({ prefix, alarmEmail }: Config): Topic {
    const topic = new Topic(this, 'Alarms', {
      displayName: `Alarms of ${prefix}`,
      enforceSSL: true,
    });
    // A topic with a policy of its own has lost the one by which CloudWatch may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudWatchMayPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }
}
