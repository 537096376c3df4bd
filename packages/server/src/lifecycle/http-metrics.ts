import { type Priority, priorities } from '@twite/contract';
import { type Metrics, secondsBuckets } from '@twite/process/metrics';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { HttpMetrics } from '../http/http-config.ts';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const methodLabel = (method: string): string => (knownMethods.has(method) ? method : 'other');

/** What is measured of the HTTP API. */
export function createHttpMetrics({ registry }: Pick<Metrics, 'registry'>): HttpMetrics {
  const registers = [registry];
  const inFlight = new Gauge({
    name: 'twite_http_requests_in_flight',
    help: 'Requests that are being answered.',
    registers,
  });
  const duration = new Histogram({
    name: 'twite_http_request_duration_seconds',
    help: 'Time to answer, by operation, method and class of status.',
    labelNames: ['operation', 'method', 'status'] as const,
    buckets: secondsBuckets,
    registers,
  });
  // Counted in a plain map, and handed to the registry when it is asked: labels cost more than the request's own rules.
  const counts = new Map<string, number>();
  new Counter({
    name: 'twite_http_requests_total',
    help: 'Requests answered, by operation, method and status.',
    labelNames: ['operation', 'method', 'status'] as const,
    registers,
    collect() {
      this.reset();
      for (const [key, count] of counts) {
        const [operation = '', method = '', status = ''] = key.split(' ');
        this.inc({ operation, method, status }, count);
      }
    },
  });

  const shedCounts = new Map<Priority, number>();
  new Counter({
    name: 'twite_http_requests_shed_total',
    help: 'Requests that were refused with 503 before any work, because the server is overloaded.',
    labelNames: ['priority'] as const,
    registers,
    collect() {
      this.reset();
      for (const priority of priorities) this.inc({ priority }, shedCounts.get(priority) ?? 0);
    },
  });

  const count = (operation: string | undefined, givenMethod: string, status: number): void => {
    const key = `${operation ?? 'none'} ${methodLabel(givenMethod)} ${status}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };

  return {
    requestStarted: () => inFlight.inc(),
    requestFinished(operationId, givenMethod, status, seconds) {
      inFlight.dec();
      // Labels must be few whatever clients send.
      const operation = operationId ?? 'none';
      const method = methodLabel(givenMethod);
      duration.observe({ operation, method, status: `${Math.floor(status / 100)}xx` }, seconds);
      count(operationId, givenMethod, status);
    },
    requestShed(priority, operationId, method) {
      shedCounts.set(priority, (shedCounts.get(priority) ?? 0) + 1);
      count(operationId, method, 503);
    },
  };
}
