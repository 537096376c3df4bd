// A bare node:http server that answers everything with the stream of one file.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const file = process.argv[2] as string;
const headers = { 'content-type': 'image/webp', 'content-length': statSync(file).size };

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  createReadStream(file).pipe(response);
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => process.exit(0));
