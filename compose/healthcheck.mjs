// `node healthcheck.mjs [port]`: exits with 0 when /readyz on that port of this container answers 200.
import { get } from 'node:http';

const port = process.argv[2] ?? process.env.TWITE_PORT ?? '8080';

const end = (problem) => {
  if (problem) console.error(problem);
  process.exit(problem ? 1 : 0);
};

get({ host: '127.0.0.1', port, path: '/readyz', timeout: 8_000, agent: false }, (response) => {
  response.resume();
  end(response.statusCode === 200 ? undefined : `/readyz on port ${port} answered ${response.statusCode}`);
})
  .on('timeout', () => end(`/readyz on port ${port} did not answer within 8 seconds`))
  .on('error', (error) => end(`/readyz on port ${port}: ${error.message}`));
