import { ExportResultCode } from '@opentelemetry/core';
import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { TracesConfig } from '../config/trace-variables.ts';
import type { Logger } from '../logger.ts';

const encodings = {
  'http/protobuf': { serializer: ProtobufTraceSerializer, contentType: 'application/x-protobuf' },
  'http/json': { serializer: JsonTraceSerializer, contentType: 'application/json' },
} as const;

/** Sends spans. Logs a line when they cannot be sent, and one when they can be sent again. */
export function openExporter(
  { url, protocol, headers, timeoutMs }: TracesConfig,
  log: Pick<Logger, 'info' | 'warn'>,
): SpanExporter {
  const { serializer, contentType } = encodings[protocol];
  // Certificates and compression come from OpenTelemetry's variables in the environment of the process.
  const options = convertLegacyHttpOptions(
    { url, headers: { ...headers }, timeoutMillis: timeoutMs },
    'TRACES',
    'v1/traces',
    { 'Content-Type': contentType },
  );
  const exporter = new OTLPExporterBase<ReadableSpan[]>(
    createOtlpHttpExportDelegate(
      options,
      serializer,
      'otlp_http_span_exporter',
      TraceExporterMetricsHelper,
      undefined,
    ),
  );
  let isAway = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !isAway) log.warn({ err: result.error, url }, 'trace export failed');
        if (!failed && isAway) log.info({ url }, 'trace export recovered');
        isAway = failed;
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
