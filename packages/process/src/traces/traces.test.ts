import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { currentTrace, newTraceparent, traceIdOf, withTrace } from '@twite/core/trace';
import {
  inSpan,
  isTracing,
  runIn,
  type SpanDescription,
  startEntrySpan,
  startSpan,
} from '@twite/core/tracer';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import type { TracesConfig } from '../config/trace-variables.ts';
import { openOtlpReceiver } from '../testing/otlp-receiver.ts';
import { openOtlpTracer } from './otlp-tracer.ts';
import { startTracing } from './start-tracing.ts';

const request = { name: 'GET /v1/me', kind: 'server', attributes: { 'http.route': '/v1/me' } } as const;
const query = { name: 'find posts', kind: 'client' } as const;

/** A log that keeps its lines. */
function keepLines() {
  const lines: string[] = [];
  const keep = (_details: unknown, message?: string) => void lines.push(message ?? '');
  return { lines, log: { info: keep, warn: keep } as unknown as Parameters<typeof startTracing>[1] };
}

const tracesOf = (env: Record<string, string>, kind: 'worker' | 'server' = 'server'): TracesConfig => {
  const { traces } = loadConfig(env, kind === 'worker' ? { kind, consumers: [] } : { kind });
  if (traces === null) throw new Error('no traces');
  return traces;
};

test.each(['http/protobuf', 'http/json'])(
  'spans arrive by %s, with parents, links and the process',
  async (protocol) => {
    await using receiver = await openOtlpReceiver();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.endpoint}/`,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=a%20secret,authorization=Basic YTpi',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=other',
      OTEL_TRACES_SAMPLER: 'always_on',
    };
    const parent = newTraceparent();
    const linked = newTraceparent();
    {
      await using _tracing = await startTracing({ traces: tracesOf(env) }, keepLines().log);
      const span = startEntrySpan(request, { parent, links: [linked] });
      await runIn(span, async () => {
        expect(traceIdOf(currentTrace() ?? '')).toBe(traceIdOf(parent));
        await inSpan(query, () => Promise.resolve());
        await expect(inSpan(query, () => Promise.reject(new RangeError('a text')))).rejects.toThrow('a text');
      });
    }
    expect(isTracing()).toBe(false);
    const [server] = receiver.spans.filter(({ kind }) => kind === 2);
    expect(server).toMatchObject({
      name: 'GET /v1/me',
      traceId: traceIdOf(parent),
      parentSpanId: parent.slice(36, 52),
      attributes: { 'http.route': '/v1/me' },
      links: [{ traceId: traceIdOf(linked), spanId: linked.slice(36, 52) }],
      resource: {
        'service.name': 'other',
        'deployment.environment.name': 'test',
        'process.pid': process.pid,
        'telemetry.sdk.language': 'nodejs',
      },
      status: 0,
    });
    const queries = receiver.spans.filter(({ kind }) => kind === 3);
    expect(queries.map(({ parentSpanId }) => parentSpanId)).toEqual([server?.spanId, server?.spanId]);
    expect(queries.map(({ status, attributes }) => [status, attributes['error.type']])).toEqual([
      [0, undefined],
      [2, 'RangeError'],
    ]);
    expect(receiver.requests[0]).toMatchObject({ 'x-api-key': 'a secret', authorization: 'Basic YTpi' });
    expect(Buffer.concat(receiver.bodies).includes('a text')).toBe(false);
  },
);

test('the service is named after the role of the process, or OTEL_SERVICE_NAME', () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    TWITE_RABBITMQ_URL: 'amqp://127.0.0.1',
  };
  expect(tracesOf(env).serviceName).toBe('twite-server');
  expect(tracesOf(env, 'worker').serviceName).toBe('twite-worker');
  expect(tracesOf({ ...env, OTEL_SERVICE_NAME: 'mine' }, 'worker').serviceName).toBe('mine');
});

test('there are no traces without an endpoint, or if OpenTelemetry is disabled', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  for (const env of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
  ])
    expect(loadConfig(env).traces).toBeNull();
  const { url } = tracesOf({
    ...endpoint,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/otlp',
  });
  expect(url).toBe('https://traces.example/otlp');
});

test('invalid settings are refused at the start, without showing headers', () => {
  const wrong = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:hidden@127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_HEADERS: 'hidden',
    OTEL_TRACES_SAMPLER: 'jaeger_remote',
    OTEL_TRACES_SAMPLER_ARG: '1.5',
    OTEL_RESOURCE_ATTRIBUTES: 'a=%zz',
  };
  const { OTEL_EXPORTER_OTLP_ENDPOINT: _endpoint, ...others } = wrong;
  expect(() => loadConfig(wrong)).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT must be');
  try {
    loadConfig(others);
    expect.unreachable();
  } catch (error) {
    const { message } = error as Error;
    for (const name of Object.keys(others)) expect(message).toContain(`${name} must be`);
    expect(message).not.toContain('hidden');
  }
});

test('a sampler decides once for a trace: its children follow', async () => {
  await using receiver = await openOtlpReceiver();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  };
  const kept: string[] = [];
  {
    await using _tracing = await startTracing({ traces: tracesOf(env) }, keepLines().log);
    const begin = (parent?: string) => {
      const span = startEntrySpan(request, { parent });
      runIn(span, () => {
        const child = startSpan(query);
        if (child !== undefined) kept.push(traceIdOf(child.traceparent));
        child?.end();
      });
    };
    for (let index = 0; index < 400; index += 1) begin();
    // The client decides for its own trace.
    const [wanted, unwanted] = [newTraceparent(), newTraceparent().replace(/01$/, '00')];
    begin(wanted);
    begin(unwanted);
    expect(kept).toContain(traceIdOf(wanted));
    expect(kept).not.toContain(traceIdOf(unwanted));
  }
  expect(kept.length).toBeGreaterThan(40);
  expect(kept.length).toBeLessThan(180);
  expect(receiver.spans).toHaveLength(2 * kept.length);
  expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set(kept));
});

test('code outside a trace, or in an unsampled one, creates no spans', async () => {
  const started: SpanDescription[] = [];
  const { useTracer } = await import('@twite/core/tracer');
  using _tracer = useTracer({
    start(description) {
      started.push(description);
      return { traceparent: newTraceparent(), setAttributes() {}, end() {} };
    },
  });
  expect(inSpan(query, () => 1)).toBe(1);
  expect(withTrace(newTraceparent().replace(/01$/, '00'), () => inSpan(query, () => 2))).toBe(2);
  expect(started).toEqual([]);
  expect(withTrace(newTraceparent(), () => inSpan(query, () => 3))).toBe(3);
  expect(started).toEqual([query]);
});

test('an unavailable endpoint is logged once, and once when it is back; the queue is bounded', async () => {
  const away = await openOtlpReceiver();
  const port = Number(new URL(away.endpoint).port);
  await away[Symbol.asyncDispose]();
  const { lines, log } = keepLines();
  const config = tracesOf({
    OTEL_EXPORTER_OTLP_ENDPOINT: away.endpoint,
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
    OTEL_BSP_SCHEDULE_DELAY: '1',
    OTEL_BSP_MAX_QUEUE_SIZE: '10',
  });
  await using otlp = openOtlpTracer(config, log);
  const begin = () => otlp.tracer.start(request, { parent: undefined }).end();
  const logged = async (count: number) => {
    while (lines.length < count) {
      for (let index = 0; index < 50; index += 1) begin();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await logged(1);
  expect(lines).toEqual(['trace export failed']);
  await using receiver = await openOtlpReceiver(port);
  await logged(2);
  expect(lines.slice(1)).toEqual(['trace export recovered']);
  expect(receiver.spans.length).toBeGreaterThan(0);
  for (const body of receiver.bodies) expect(body.length).toBeLessThan(10_000);
});

test('a hanging collector does not delay the end of the process', async () => {
  const server = createServer(() => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const otlp = openOtlpTracer(tracesOf({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), keepLines().log, 20);
    otlp.tracer.start(request, { parent: undefined }).end();
    await otlp[Symbol.asyncDispose]();
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('OpenTelemetry is loaded only if there is an endpoint', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { if (url.includes('@opentelemetry')) loaded.push(url); return next(url, context); } });
    const { loadConfig } = await import('@twite/process/config/load-config');
    const { startTracing } = await import('@twite/process/traces/start-tracing');
    await startTracing(loadConfig(process.env), console);
    console.log(loaded.length);
    process.exit();`;
  const loaded = async (env: Record<string, string>) => {
    const args = ['--conditions=twite-source', '--input-type=module', '--eval', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: import.meta.dirname,
      env: { PATH: process.env.PATH, ...env },
    });
    return Number(stdout);
  };
  expect(await loaded({})).toBe(0);
  expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' })).toBeGreaterThan(0);
});
