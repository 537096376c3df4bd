import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readTraces } from './otlp-protobuf.ts';

export type AttributeValue = string | number | boolean | undefined;
export type ReceivedAttributes = Readonly<Record<string, AttributeValue>>;

/** A span as received over the wire. */
export interface ReceivedSpan {
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it began its trace. */
  readonly parentSpanId: string;
  readonly attributes: ReceivedAttributes;
  readonly resource: ReceivedAttributes;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Nanoseconds. */
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  /** 0 unset, 2 error. */
  readonly status: number;
}

/** Receives traces by OTLP over HTTP, like a collector. */
export interface OtlpReceiver extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  /** Headers of each request. */
  readonly requests: readonly IncomingHttpHeaders[];
  /** All received bytes. */
  readonly bodies: readonly Buffer[];
  /** Resolves with the result of the function, as soon as it is defined. */
  until<T>(find: (spans: readonly ReceivedSpan[]) => T | undefined): Promise<T>;
}

interface JsonAttribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: number | string;
    readonly boolValue?: boolean;
    readonly doubleValue?: number;
  };
}

interface JsonSpan extends Omit<ReceivedSpan, 'attributes' | 'resource' | 'status' | 'parentSpanId'> {
  readonly parentSpanId?: string;
  readonly attributes: readonly JsonAttribute[];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
}

interface JsonRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[];
  }[];
}

const attributesOf = (list: readonly JsonAttribute[]): ReceivedAttributes =>
  Object.fromEntries(
    list.map(({ key, value: { stringValue, boolValue, doubleValue, intValue } }) => [
      key,
      stringValue ?? boolValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue)),
    ]),
  );

const readJson = (body: Buffer): ReceivedSpan[] =>
  (JSON.parse(body.toString()) as JsonRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ attributes, status, parentSpanId = '', links = [], ...span }) => ({
        ...span,
        parentSpanId,
        links,
        attributes: attributesOf(attributes),
        resource: attributesOf(resource.attributes),
        startedAt: BigInt(span.startTimeUnixNano),
        endedAt: BigInt(span.endTimeUnixNano),
        status: status?.code ?? 0,
      })),
  );

/** Listens on any port, or on the given one. */
export async function openOtlpReceiver(port = 0): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: IncomingHttpHeaders[] = [];
  const bodies: Buffer[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (req, res) => {
    const body = await buffer(req);
    if (req.url !== '/v1/traces' || req.method !== 'POST') {
      res.writeHead(404).end();
      return;
    }
    requests.push(req.headers);
    bodies.push(body);
    const isJson = req.headers['content-type'] === 'application/json';
    spans.push(...(isJson ? readJson(body) : readTraces(body)));
    res.writeHead(200, { 'content-type': req.headers['content-type'] }).end(isJson ? '{}' : '');
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    bodies,
    until(find) {
      const { promise, resolve } = Promise.withResolvers<NonNullable<ReturnType<typeof find>>>();
      const look = () => {
        const found = find(spans);
        if (found !== undefined && found !== null) resolve(found);
      };
      waiting.add(look);
      look();
      return promise.finally(() => waiting.delete(look));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
