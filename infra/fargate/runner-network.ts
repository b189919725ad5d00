import {
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetConfiguration,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Config } from '../config.ts';

/** Two, so that one may fail. */
const ZONES = 2;

const SUBNET_MASK = 20;
const PUBLIC: SubnetConfiguration = {
  name: 'Public',
  subnetType: SubnetType.PUBLIC,
  cidrMask: SUBNET_MASK,
  mapPublicIpOnLaunch: false,
};
const PRIVATE: SubnetConfiguration = {
  name: 'Private',
  subnetType: SubnetType.PRIVATE_WITH_EGRESS,
  cidrMask: SUBNET_MASK,
};

/**
 * Where runners stand. Nothing can reach them: they have only connections that they open. In `public` each has an
 * address of its own to go out by, in `private` all share a NAT gateway's.
 */
export class RunnerNetwork extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;
  readonly subnets: SubnetSelection;
  readonly hasPublicAddresses: boolean;

  constructor(scope: Construct, id: string, { network }: Pick<Config, 'network'>) {
    super(scope, id);
    this.hasPublicAddresses = network === 'public';
    this.subnets = { subnetGroupName: this.hasPublicAddresses ? PUBLIC.name : PRIVATE.name };
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/16'),
      maxAzs: ZONES,
      natGateways: this.hasPublicAddresses ? 0 : 1,
      subnetConfiguration: this.hasPublicAddresses ? [PUBLIC] : [PUBLIC, PRIVATE],
      restrictDefaultSecurityGroup: true,
      // They cost nothing, and what goes through them costs nothing.
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    acknowledge(
      vpc,
      'VPC7',
      'Flow logs cost more than all the rest of a small system, and every connection that a runner opens is in its own log.',
    );
    // The class says `undefined` where its interface has an optional property.
    this.vpc = vpc as IVpc;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'Runners of WhatsApp bots: no way in.',
      allowAllOutbound: false,
    });
    // WhatsApp and AWS are at 443, but a customer's webhook is wherever its URL says; the guarded dispatcher sees to
    // it that this is public. DNS asks the VPC's own resolver, for which no rule is needed.
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.allTcp(), 'WhatsApp, AWS and webhooks');
  }
}
