import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import {
  cliStart,
  type Effort,
  type Figure,
  homeReadRatio,
  postToVisible,
  readsDuringSignIns,
  readsDuringWrites,
  serverStart,
} from './bench/measures.ts';
import { startTwite, type TwiteServer, temporaryFolder } from './bench/processes.ts';

const usage = `npm run bench [-- --quick] [--only WORD] [--json FILE]
  --quick   short rounds, to see that it runs; its figures say little
  --only    only the measures whose name has the word: home, cli, start, visible, signin, writes
  --json    also writes the figures to a file`;

const args = process.argv.slice(2);
const optionOf = (name: string): string | undefined =>
  args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
if (args.includes('--help')) {
  console.log(usage);
  process.exit(0);
}

const effort: Effort = args.includes('--quick') ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 4 };
const only = optionOf('--only');
const wanted = (name: string): boolean => only === undefined || only === name;

/** A server with the demo network for one measure: what one writes does not weigh on the next. */
async function withDemo(
  measure: (server: TwiteServer, effort: Effort) => Promise<Figure>,
  options?: Parameters<typeof startTwite>[1],
): Promise<Figure[]> {
  using folder = temporaryFolder();
  await using server = await startTwite(folder.path, options);
  return [await measure(server, effort)];
}

const measures: Readonly<Record<string, () => Promise<Figure[]>>> = {
  home: () => withDemo(homeReadRatio, { pin: true }),
  cli: async () => [await cliStart(effort)],
  start: () => serverStart(effort),
  visible: () => withDemo(postToVisible),
  signin: () => withDemo(readsDuringSignIns),
  writes: () => withDemo(readsDuringWrites),
};

const figures: Figure[] = [];
for (const [name, measure] of Object.entries(measures)) {
  if (!wanted(name)) continue;
  console.error(`measuring ${name} …`);
  figures.push(...(await measure()));
}

const width = Math.max(...figures.map((figure) => figure.name.length));
for (const { name, value, unit, target, met, detail } of figures) {
  console.log(
    `${met ? 'met   ' : 'MISSED'}  ${name.padEnd(width)}  ${`${value} ${unit}`.padStart(10)}  ${target.padStart(8)}  ${detail}`,
  );
}
const report = {
  at: new Date().toISOString(),
  node: process.version,
  cpu: `${cpus()[0]?.model} × ${cpus().length}`,
  effort,
  figures,
};
console.log(JSON.stringify(report));
const file = optionOf('--json');
if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
