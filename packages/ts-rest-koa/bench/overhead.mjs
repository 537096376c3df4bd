// What the adapter costs: processor time of the server for one GET of 12 KB, against bare node:http.
// node --conditions=twite-source packages/ts-rest-koa/bench/overhead.mjs [rounds] [seconds]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

const rounds = Number(process.argv[2] ?? 3);
const duration = Number(process.argv[3] ?? 2);
const file = fileURLToPath(new URL('servers.mjs', import.meta.url));

let [{ names }] = await once(fork(file), 'message');
if (process.argv[4]) names = names.filter((n) => n.includes(process.argv[4]) || n === 'node:http');
const children = [];
for (const name of names) {
  const child = fork(file, [name]);
  const [{ port }] = await once(child, 'message');
  children.push({
    name,
    child,
    url: `http://127.0.0.1:${port}/timelines/home?limit=20`,
    micros: [],
    rates: [],
  });
}

async function cpuMicros(child) {
  child.send('cpu');
  const [message] = await once(child, 'message');
  return message.cpuMicros;
}

for (let round = -1; round < rounds; round += 1) {
  for (const { child, url, micros, rates } of children) {
    const before = await cpuMicros(child);
    const result = await autocannon({ url, duration: round < 0 ? 1 : duration, connections: 16 });
    const after = await cpuMicros(child);
    if (round < 0) continue; // warm-up
    micros.push((after - before) / result['2xx']);
    rates.push(result['2xx'] / result.duration);
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const base = children[0];
console.table(
  children.map(({ name, micros, rates }) => ({
    server: name,
    'requests/s': Math.round(median(rates)),
    'cpu µs/request': median(micros).toFixed(1),
    'over node:http µs': (median(micros) - median(base.micros)).toFixed(1),
    'ratio of requests/s': (median(rates) / median(base.rates)).toFixed(2),
  })),
);
for (const { child } of children) child.disconnect();
for (const { child } of children) child.kill();
