import type { RequestListener } from 'node:http';
import { ContractError } from '@twite/contract';
import { livePage } from '../http/health-pages.ts';
import { problemResponse } from '../http/problem-response.ts';
import { requestIdOf } from '../http/request-id.ts';
import { writeResponse } from '../http/send-response.ts';

export const isHealthPath = (path: string | undefined): boolean => path === '/livez' || path === '/readyz';

/** The answers of a server that waits for its store: it is live, and not ready for anything else. */
export const answerWhileStarting: RequestListener = (request, response) => {
  const requestId = requestIdOf(request.headers['x-request-id']);
  response.setHeader('x-request-id', requestId);
  if (request.url === '/livez') return writeResponse(request, response, livePage);
  const error = new ContractError('unavailable', {
    detail: 'The server is starting. Try again shortly.',
    retryAfterSeconds: 5,
  });
  // The body of the request is not read.
  response.setHeader('connection', 'close');
  return writeResponse(request, response, problemResponse(error, requestId));
};
