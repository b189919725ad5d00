import { join } from 'node:path';
import { AssetHashType, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { bundleFunction, HANDLER, ROOT_FOLDER } from './bundle-function.ts';

export type BundledFunctionProps = {
  readonly config: Config;
  /** Of `functions/<folder>/handler.ts`. */
  readonly folder: string;
  readonly description: string;
  readonly memoryMib: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
};

/** A Lambda of the control plane. It may write its own log and nothing else, until more is granted. */
export class BundledFunction extends LambdaFunction {
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    const { config, folder, description, environment } = props;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      logGroupName: `/${config.prefix}/functions/${folder}`,
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundledCode(folder),
      handler: HANDLER,
      memorySize: props.memoryMib,
      timeout: props.timeout,
      environment,
      logGroup,
      role,
    });
    this.executionRole = role;
  }
}

/** Bundled here and now; the image is only named, since the type asks for one. */
function bundledCode(folder: string): Code {
  return Code.fromAsset(join(ROOT_FOLDER, 'functions', folder), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: Runtime.NODEJS_24_X.bundlingImage,
      local: {
        tryBundle: (outdir) => {
          bundleFunction(folder, outdir);
          return true;
        },
      },
    },
  });
}
