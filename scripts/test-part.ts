import { spawnSync } from 'node:child_process';
import { securitySuite } from './security-suite.ts';

interface Part {
  readonly about: string;
  readonly files: readonly string[];
  readonly project: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Their short forms run with `npm test`. */
const long = { TWITE_TEST_LOAD: 'long' };

const parts: Readonly<Record<string, Part>> = {
  load: {
    about: 'the highest rate of the mix of DeathStarBench that is held',
    files: ['scripts/load/load.load.test.ts'],
    project: 'load',
    env: long,
  },
  stress: {
    about: '3 and 10 times the highest rate: what is still answered, what is refused, recovery, memory',
    files: ['scripts/load/stress.load.test.ts'],
    project: 'load',
    env: long,
  },
  security: {
    about: securitySuite.map(({ what }) => what).join('; '),
    files: securitySuite.flatMap(({ files }) => files),
    project: 'tests',
  },
};

const [name = '', ...more] = process.argv.slice(2);
const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
if (part === undefined) {
  console.error(`which part? ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
console.log(`${name}: ${part.about}`);
const options = { stdio: 'inherit', env: { ...process.env, ...part.env } } as const;
const built = spawnSync(process.execPath, ['scripts/build.mjs'], options);
if (built.status !== 0) process.exit(1);
const { status } = spawnSync('vitest', ['run', '--project', part.project, ...part.files, ...more], options);
process.exit(status ?? 1);
