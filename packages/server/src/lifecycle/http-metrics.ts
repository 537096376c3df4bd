import type { Metrics } from '@twite/process/metrics/create-metrics';
import type { HttpMetrics } from '../http/http-config.ts';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const clientGone = 499;

const methodLabel = (method: string): string => (knownMethods.has(method) ? method : 'other');

const classOf = (status: number): string => `${Math.floor(status / 100)}xx`;

function outcomeOf(status: number, errorCode: string | undefined): string {
  if (status === clientGone) return 'aborted';
  return status < 400 ? 'succeeded' : (errorCode ?? 'internal_error');
}

/** The metrics of the HTTP API. */
export function createHttpMetrics({ counter, histogram, observe }: Metrics): HttpMetrics {
  const requests = counter('twite_http_requests_total');
  const duration = histogram('twite_http_request_duration_seconds');
  const rateLimited = counter('twite_rate_limited_total');
  const shed = counter('twite_http_requests_shed_total');
  const signIns = counter('twite_sign_ins_total');
  const uploads = counter('twite_media_uploads_total');
  const uploadBytes = counter('twite_media_upload_bytes_total');
  let inFlight = 0;
  observe(() => inFlight, { twite_http_requests_in_flight: (count) => count });
  return {
    requestStarted() {
      inFlight += 1;
    },
    requestFinished({ operation, method: givenMethod, status, seconds, errorCode }) {
      inFlight -= 1;
      const method = methodLabel(givenMethod);
      requests({ operation, method, status: String(status) });
      duration({ operation, method, status: classOf(status) }, seconds);
      if (operation === 'createSession') signIns({ outcome: outcomeOf(status, errorCode) });
      if (operation === 'uploadMedia') uploads({ outcome: outcomeOf(status, errorCode) });
    },
    rateLimited: (policy) => rateLimited({ policy }),
    requestShed(priority, operationId, method) {
      shed({ priority });
      requests({ operation: operationId ?? 'none', method: methodLabel(method), status: '503' });
    },
    uploadReceived: (bytes) => uploadBytes({}, bytes),
  };
}
