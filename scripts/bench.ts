import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { embeddedMeasures } from './bench/embedded.ts';
import { type Effort, type Figure, print } from './bench/figures.ts';

const usage = `npm run bench [-- --engine ENGINE] [--quick] [--only WORDS] [--json FILE]
  --engine  embedded (the default), distributed, which needs the services of TWITE_TEST_*_URL, or gateway, which needs
            an instance on this machine at TWITE_BENCH_URL
  --quick   short rounds, to see that it runs; its figures say little
  --only    only the measures of these names, separated by commas
              embedded:    home, heavy, cli, start, visible, signin, writes, images, media, uploads, traces, mixed
              distributed: home, heavy, network, writes, fanout, mixed
              gateway:     mixed
  --json    also writes the figures to a file`;

const args = process.argv.slice(2);
const optionOf = (name: string): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
if (args.includes('--help')) {
  console.log(usage);
  process.exit(0);
}

const effort: Effort = args.includes('--quick') ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 4 };
const engine = optionOf('--engine') ?? 'embedded';
const only = optionOf('--only')?.split(',');

async function measuresOf(name: string) {
  if (name === 'embedded') return embeddedMeasures(effort);
  if (name === 'distributed') {
    const { distributedMeasures } = await import('./bench/distributed.ts');
    return distributedMeasures(effort);
  }
  if (name === 'gateway') {
    const { gatewayMeasures } = await import('./bench/gateway.ts');
    return gatewayMeasures(effort);
  }
  console.error(`no engine is called ${name}: embedded, distributed or gateway`);
  process.exit(1);
}

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(await measuresOf(engine))) {
  if (only !== undefined && !only.includes(name)) continue;
  console.error(`measuring ${name} …`);
  figures.push(...(await measure()));
}

print(figures);
const report = {
  at: new Date().toISOString(),
  engine,
  node: process.version,
  cpu: `${cpus()[0]?.model} × ${cpus().length}`,
  effort,
  figures,
};
console.log(JSON.stringify(report));
const file = optionOf('--json');
if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
