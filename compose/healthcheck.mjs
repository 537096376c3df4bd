// `node healthcheck.mjs [port]`: exits with 0 when /readyz on that port of this container answers 200. Without a port it asks
// the one of the API, and where nothing listens there the one of the metrics: workers and relays have no other.
import { get } from 'node:http';

const { TWITE_PORT = '8080', TWITE_METRICS_PORT = '9464' } = process.env;
const ports = process.argv.length > 2 ? process.argv.slice(2) : [TWITE_PORT, TWITE_METRICS_PORT];

const ask = (port) =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/readyz', timeout: 8_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('timeout', () => reject(new Error('did not answer within 8 seconds')))
      .on('error', reject);
  });

const problems = [];
for (const port of ports) {
  try {
    const status = await ask(port);
    if (status === 200) process.exit(0);
    problems.push(`/readyz on port ${port} answered ${status}`);
    // It is the right port: its process is not ready.
    break;
  } catch (error) {
    problems.push(`/readyz on port ${port}: ${error.message}`);
    if (error.code !== 'ECONNREFUSED') break;
  }
}
console.error(problems.join('; '));
process.exit(1);
