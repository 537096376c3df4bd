// Loaded only when an endpoint is configured: nothing else imports OpenTelemetry.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Context,
  type Link,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Span, SpanAttributes, Tracer } from '@twite/core/tracer';
import type { TracesConfig } from '../config/trace-variables.ts';
import type { Logger } from '../logger.ts';
import { twiteVersion } from '../twite-version.ts';
import { openExporter } from './exporter.ts';

const spanKinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** How long a shutdown waits to send the remaining spans. An unavailable collector must not delay it longer. */
const flushMsMax = 2_000;
/** Names and codes; a longer text would be a mistake. */
const textLengthMax = 200;

/** The W3C form is the context of a span: nothing else is passed from one span to the next. */
const contextOf = (traceparent: string, isRemote: boolean): SpanContext => ({
  traceId: traceparent.slice(3, 35),
  spanId: traceparent.slice(36, 52),
  traceFlags: Number.parseInt(traceparent.slice(53, 55), 16) & 1,
  isRemote,
});

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & 1}`;

function samplerOf({ sampler, ratio }: Pick<TracesConfig, 'sampler' | 'ratio'>): Sampler {
  const [, parentBased, name] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const root =
    name === 'always_off'
      ? new AlwaysOffSampler()
      : name === 'traceidratio'
        ? new TraceIdRatioBasedSampler(ratio)
        : new AlwaysOnSampler();
  return parentBased === undefined ? root : new ParentBasedSampler({ root });
}

class OtlpSpan implements Span {
  readonly traceparent: string;
  readonly #span: OtelSpan;

  constructor(span: OtelSpan) {
    this.#span = span;
    this.traceparent = traceparentOf(span.spanContext());
  }

  setAttributes(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  end(errorType?: string): void {
    if (!this.#span.isRecording()) return;
    if (errorType !== undefined) {
      this.#span.setAttribute('error.type', errorType);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

/** A tracer that sends spans in batches by OTLP. Its queue is bounded: further spans are dropped. */
export function openOtlpTracer(
  config: TracesConfig,
  log: Pick<Logger, 'info' | 'warn'>,
  flushMs = flushMsMax,
): AsyncDisposable & { readonly tracer: Tracer } {
  const version = twiteVersion();
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'host.name': hostname(),
      'process.pid': process.pid,
      'service.version': version,
      'service.instance.id': randomUUID(),
      ...config.resourceAttributes,
      'service.name': config.serviceName,
    }),
  );
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(config),
    spanLimits: { attributeValueLengthLimit: textLengthMax },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: openExporter(config, log),
        maxQueueSize: config.queueSize,
        maxExportBatchSize: Math.min(512, config.queueSize),
        scheduledDelayMillis: config.delayMs,
        exportTimeoutMillis: config.timeoutMs,
      }),
    ],
  });
  const tracer = provider.getTracer('twite', version);
  return {
    tracer: {
      start({ name, kind, attributes }, { parent, links = [] }) {
        const isRemote = kind === 'server' || kind === 'consumer';
        const context: Context =
          parent === undefined
            ? ROOT_CONTEXT
            : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent, isRemote));
        const options = {
          kind: spanKinds[kind],
          links: links.map((link): Link => ({ context: contextOf(link, true) })),
          ...(attributes === undefined ? {} : { attributes }),
        };
        return new OtlpSpan(tracer.startSpan(name, options, context));
      },
    },
    async [Symbol.asyncDispose]() {
      // The exporter has logged the spans that could not be sent.
      const sent = provider.shutdown().catch(() => undefined);
      const done = new AbortController();
      await Promise.race([sent, wait(flushMs, undefined, { signal: done.signal }).catch(() => undefined)]);
      done.abort();
    },
  };
}
