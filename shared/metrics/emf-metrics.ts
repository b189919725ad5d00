import {
  type DimensionOf,
  METRICS,
  METRICS_NAMESPACE,
  type MetricName,
} from '../contracts/metrics.ts';
import type { GatheredMetrics } from './metrics.ts';

/** CloudWatch takes no more values of one metric from a line. Of metrics it takes 100: we have not so many. */
const VALUES_MAX = 100;

export type EmfOptions = {
  /** Takes one line, without its end; to stdout when not given. */
  readonly write?: (line: string) => void;
  readonly now?: () => Date;
  /** For a process that lives on: CloudWatch keeps figures by the minute. Without it only `flush` writes. */
  readonly flushEveryMs?: number;
};

/**
 * Gathers figures and writes them as lines of CloudWatch's embedded metric format: CloudWatch Logs turns those into
 * metrics, from Lambda's stdout and from Fargate's alike.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createEmfMetrics(options: EmfOptions = {}): GatheredMetrics {
  return new EmfMetrics(options);
}

/** All figures that no dimension splits, or those of one value of a dimension: a line has room for one value. */
type Group = {
  readonly dimension: { readonly name: string; readonly value: string } | undefined;
  readonly figures: Map<MetricName, number[]>;
};

class EmfMetrics implements GatheredMetrics {
  readonly #write: (line: string) => void;
  readonly #now: () => Date;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #groups = new Map<string, Group>();

  constructor({ write = writeToStdout, now = () => new Date(), flushEveryMs }: EmfOptions) {
    this.#write = write;
    this.#now = now;
    if (flushEveryMs !== undefined) {
      this.#timer = setInterval(() => this.flush(), flushEveryMs).unref();
    }
  }

  add<M extends MetricName>(metric: M, value: number, ...[dimension]: DimensionOf<M>): void {
    if (!Number.isFinite(value)) return;
    const { figures } = this.#groupOf(metric, dimension);
    const values = figures.get(metric) ?? [];
    figures.set(metric, values);
    if (METRICS[metric].kept === 'sum') values[0] = (values[0] ?? 0) + value;
    else values.push(value);
    if (values.length >= VALUES_MAX) this.flush();
  }

  flush(): void {
    const groups = [...this.#groups.values()];
    this.#groups.clear();
    for (const group of groups) this.#write(toLine(group, this.#now()));
  }

  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  #groupOf(metric: MetricName, value: string | undefined): Group {
    const definition = METRICS[metric];
    const name = 'dimension' in definition ? definition.dimension : undefined;
    const dimension = name === undefined || value === undefined ? undefined : { name, value };
    const key = dimension ? `${dimension.name}=${dimension.value}` : '';
    const group = this.#groups.get(key) ?? { dimension, figures: new Map() };
    this.#groups.set(key, group);
    return group;
  }
}

function toLine({ dimension, figures }: Group, at: Date): string {
  const directive = {
    Namespace: METRICS_NAMESPACE,
    Dimensions: [dimension ? [dimension.name] : []],
    Metrics: [...figures.keys()].map((name) => ({ Name: name, Unit: METRICS[name].unit })),
  };
  return JSON.stringify({
    _aws: { Timestamp: at.getTime(), CloudWatchMetrics: [directive] },
    ...(dimension && { [dimension.name]: dimension.value }),
    ...Object.fromEntries(figures),
  });
}

function writeToStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
