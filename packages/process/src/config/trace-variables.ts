import { oneOf, type Variable, wholeNumber } from './variable.ts';

export const traceProtocols = ['http/protobuf', 'http/json'] as const;
export const traceSamplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

type Described = readonly [name: string, doc: string];

/** Null: `none`. May have a path; credentials belong in the headers. */
const endpoint = (...[name, doc]: Described): Variable<string | null> => ({
  name,
  form: '`none`, or a URL such as `http://127.0.0.1:4318`',
  default: 'none',
  doc,
  read(text) {
    if (text === 'none') return null;
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol) || /[@?#]/.test(text)) return undefined;
    return text.replace(/\/+$/, '');
  },
});

function readPairs(text: string): Readonly<Record<string, string>> | undefined {
  if (text === 'none') return Object.freeze({});
  const pairs: [string, string][] = [];
  for (const item of text.split(',')) {
    if (item.trim() === '') continue;
    const [key = '', value, ...rest] = item.split('=');
    // A value may contain `=`, such as the padding of base64.
    const whole = value === undefined ? undefined : [value, ...rest].join('=');
    if (whole === undefined || !/^[\w.!#$%&'*+^`|~/-]{1,255}$/.test(key.trim())) return undefined;
    try {
      pairs.push([decodeURIComponent(key.trim()), decodeURIComponent(whole.trim())]);
    } catch {
      return undefined;
    }
  }
  if (pairs.some(([, value]) => value.length > 4_096 || /\p{Cc}/u.test(value))) return undefined;
  return Object.freeze(Object.fromEntries(pairs));
}

const pairs = (
  ...[name, doc, secret]: readonly [...Described, secret: boolean]
): Variable<Readonly<Record<string, string>>> => ({
  name,
  form: '`none`, or pairs such as `key=value,other=value`, percent-encoded',
  default: 'none',
  doc,
  secret,
  read: readPairs,
});

const ratio = (...[name, doc]: Described): Variable<number> => ({
  name,
  form: 'a number from 0 to 1',
  default: '1',
  doc,
  read(text) {
    const value = /^\d{1,15}(?:\.\d{0,15})?$|^\.\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= 0 && value <= 1 ? value : undefined;
  },
});

/** Null: `auto`. */
const nameOrAuto = (...[name, doc]: Described): Variable<string | null> => ({
  name,
  form: '`auto`, or a text of one line, at most 200 characters',
  default: 'auto',
  doc,
  read(text) {
    if (text === 'auto') return null;
    return text.length <= 200 && !/\p{Cc}/u.test(text) ? text : undefined;
  },
});

/** OpenTelemetry's own variables, as far as Twite reads them, with OpenTelemetry's defaults. */
const traceVariables = {
  endpoint: endpoint(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'Where traces are sent, by OTLP over HTTP: a collector, Jaeger or Tempo. `/v1/traces` is added. `none`: no traces.',
  ),
  tracesEndpoint: endpoint(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'The same as a whole URL, to which nothing is added. Takes precedence.',
  ),
  protocol: oneOf(
    traceProtocols,
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'http/protobuf',
    'Encoding of the spans. gRPC is not supported; collectors also accept HTTP.',
  ),
  headers: pairs('OTEL_EXPORTER_OTLP_HEADERS', 'Headers to send along, such as an API key.', true),
  timeoutMs: wholeNumber(
    1,
    600_000,
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    '10000',
    'Milliseconds for sending a batch of spans, with retries.',
  ),
  sampler: oneOf(
    traceSamplers,
    'OTEL_TRACES_SAMPLER',
    'parentbased_always_on',
    'Which traces are kept. `parentbased_…` follows the `traceparent` of the client when it sends one.',
  ),
  samplerArg: ratio(
    'OTEL_TRACES_SAMPLER_ARG',
    'Share of traces that the samplers `…traceidratio` keep: 0.01 keeps one in a hundred.',
  ),
  serviceName: nameOrAuto(
    'OTEL_SERVICE_NAME',
    '`service.name` of the spans. `auto`: `twite-server`, `twite-worker` or `twite-relay`, by what the process does.',
  ),
  resourceAttributes: pairs(
    'OTEL_RESOURCE_ATTRIBUTES',
    'More attributes of the process, such as `deployment.environment.name=production`.',
    false,
  ),
  queueSize: wholeNumber(
    1,
    1_000_000,
    'OTEL_BSP_MAX_QUEUE_SIZE',
    '2048',
    'Spans that wait to be sent. What exceeds it is dropped.',
  ),
  delayMs: wholeNumber(
    1,
    600_000,
    'OTEL_BSP_SCHEDULE_DELAY',
    '5000',
    'Longest time in milliseconds that a span waits to be sent.',
  ),
  exporter: oneOf(
    ['otlp', 'none'],
    'OTEL_TRACES_EXPORTER',
    'otlp',
    '`none`: no traces, whatever the endpoint.',
  ),
  disabled: oneOf(
    ['true', 'false'],
    'OTEL_SDK_DISABLED',
    'false',
    '`true`: no traces, whatever the endpoint.',
  ),
} as const;

export const allTraceVariables: readonly Variable<unknown>[] = Object.values(traceVariables);

/** Where traces are sent, and which ones. */
export interface TracesConfig {
  readonly url: string;
  readonly protocol: (typeof traceProtocols)[number];
  /** May contain secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly sampler: (typeof traceSamplers)[number];
  /** From 0 to 1. */
  readonly ratio: number;
  readonly serviceName: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly queueSize: number;
  readonly delayMs: number;
}

/** Null: no traces. Reads every variable, so that `get` reports the problems of all of them. */
export function readTracesConfig(
  get: <T>(variable: Variable<T>) => T,
  defaultServiceName: string,
): TracesConfig | null {
  const base = get(traceVariables.endpoint);
  const url = get(traceVariables.tracesEndpoint) ?? (base === null ? null : `${base}/v1/traces`);
  const resourceAttributes = get(traceVariables.resourceAttributes);
  const config = {
    protocol: get(traceVariables.protocol),
    headers: get(traceVariables.headers),
    timeoutMs: get(traceVariables.timeoutMs),
    sampler: get(traceVariables.sampler),
    ratio: get(traceVariables.samplerArg),
    serviceName: get(traceVariables.serviceName) ?? resourceAttributes['service.name'] ?? defaultServiceName,
    resourceAttributes,
    queueSize: get(traceVariables.queueSize),
    delayMs: get(traceVariables.delayMs),
  };
  const isOff = get(traceVariables.disabled) === 'true' || get(traceVariables.exporter) === 'none';
  return url === null || isOff ? null : Object.freeze({ url, ...config });
}
