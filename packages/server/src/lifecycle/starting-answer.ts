import type { RequestListener } from 'node:http';
import { ContractError } from '@twite/contract';
import { problemResponse } from '../http/problem-response.ts';
import { requestIdOf } from '../http/request-id.ts';

export const isHealthPath = (path: string | undefined): boolean => path === '/livez' || path === '/readyz';

/** What a server answers while it waits for its store: it lives, and is not ready for anything else. */
export const answerWhileStarting: RequestListener = (request, response) => {
  const requestId = requestIdOf(request.headers['x-request-id']);
  response.setHeader('x-request-id', requestId);
  if (request.url === '/livez') {
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : '{"status":"live"}');
    return;
  }
  const error = new ContractError('unavailable', {
    detail: 'The server is starting. Try again shortly.',
    retryAfterSeconds: 5,
  });
  const { status, headers = {}, body } = problemResponse(error, requestId);
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) response.setHeader(name, value);
  response.statusCode = status;
  // The body of the request is not read.
  response.setHeader('connection', 'close');
  response.end(request.method === 'HEAD' ? undefined : body?.content);
};
