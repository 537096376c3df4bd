import { createServer } from 'node:http';

const prefix = '/.well-known/acme-challenge/';

/**
 * Answers what the authority asks through the gateway (http-01). `/readyz` is for the health check, `/metrics` for Prometheus;
 * the gateway passes on neither.
 */
export async function serveChallenges(port, metrics) {
  const answers = new Map();
  const server = createServer((request, response) => {
    const answer = request.url?.startsWith(prefix)
      ? answers.get(request.url.slice(prefix.length))
      : undefined;
    if (request.url === '/readyz') response.writeHead(200).end();
    else if (request.url === '/metrics')
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics());
    else if (answer === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(answer);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    put: (token, answer) => answers.set(token, answer),
    remove: (token) => answers.delete(token),
  };
}
