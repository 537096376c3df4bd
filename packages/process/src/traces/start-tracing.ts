import { useTracer } from '@twite/core/tracer';
import type { Config } from '../config/load-config.ts';
import type { Logger } from '../logger.ts';

/**
 * Sends the spans of this process to the configured endpoint until it is disposed, which sends the remaining ones
 * within a deadline. Loads OpenTelemetry only if there is an endpoint.
 */
export async function startTracing(
  { traces }: Pick<Config, 'traces'>,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  if (traces === null) return stack;
  const { openOtlpTracer } = await import('./otlp-tracer.ts');
  const otlp = stack.use(openOtlpTracer(traces, log));
  stack.use(useTracer(otlp.tracer));
  return stack;
}
