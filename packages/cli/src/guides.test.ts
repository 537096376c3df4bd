import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareRoot } from './testing/prepare-root.ts';
import { startServer } from './testing/start-server.ts';

const repository = join(import.meta.dirname, '../../..');
const guides = join(repository, 'docs/guides');
const pages = readdirSync(guides).filter((name) => name.endsWith('.md'));
const run = promisify(execFile);

interface Block {
  readonly kind: 'ts' | 'ts test' | 'sh';
  readonly text: string;
}

const blocksOf = (page: string): Block[] =>
  Array.from(page.matchAll(/^```(\w.*)\n([\s\S]*?)^```$/gm), ([, kind, text]) => {
    if (kind !== 'ts' && kind !== 'ts test' && kind !== 'sh')
      throw new Error(`No test runs a block of ${kind}.`);
    return { kind, text: text as string };
  });

/** Commands for the reader that need the registry or do not end. Everything else is run. */
const notRun = /^(npm |node |TWITE_\S+ (TWITE_\S+ )?npx twite up|npx twite up)/;

/** Consecutive TypeScript blocks form one program, even with shell lines between them that do not run. */
function stepsOf(page: string): Block[] {
  const steps: Block[] = [];
  for (const { kind, text } of blocksOf(page)) {
    const lines = text.split('\n').filter((line) => line !== '' && (kind !== 'sh' || !notRun.test(line)));
    if (lines.length === 0) continue;
    const last = steps.at(-1);
    if (kind === 'ts' && last?.kind === 'ts') steps.splice(-1, 1, { kind, text: `${last.text}\n${text}` });
    else steps.push({ kind, text: kind === 'sh' ? lines.join('\n') : text });
  }
  return steps;
}

const printedBy = (program: string): string[] =>
  Array.from(program.matchAll(/\/\/ prints (.*)$/gm), ([, line]) => line as string);

let resources: AsyncDisposableStack;
let folder: string;
let url: string;
let env: Record<string, string>;
beforeAll(async () => {
  resources = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), 'twite-guides-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  // With its rate limits, which a page shows.
  const { server, dataDir } = resources.use(await startServer({}));
  url = server.url;
  env = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'test',
    TWITE_URL: url,
    TWITE_DATA_DIR: dataDir,
    TWITE_CONFIG_DIR: join(folder, 'config'),
  };
  await mkdir(join(folder, 'project'));
  await symlink(join(repository, 'node_modules'), join(folder, 'project/node_modules'));
  await writeFile(join(folder, 'project/package.json'), '{"type":"module"}');
  await prepareRoot(join(folder, 'root'));
});
afterAll(() => resources.disposeAsync());

const cwd = (): string => join(folder, 'project');
const node = (...args: string[]) =>
  run(process.execPath, ['--conditions=twite-source', ...args], { env, cwd: cwd() });

async function perform({ kind, text }: Block, name: string): Promise<void> {
  const here = text.replaceAll('http://127.0.0.1:8080', url);
  if (kind === 'sh') {
    const twite = `'${process.execPath}' --conditions=twite-source '${join(import.meta.dirname, 'testing/run-prepared.ts')}' '${join(folder, 'root')}'`;
    await run('sh', ['-ec', here.replaceAll('npx twite', twite)], { env, cwd: cwd() });
    return;
  }
  const file = join(cwd(), `${name}.ts`);
  await writeFile(file, here);
  if (kind === 'ts test') {
    const { stdout } = await node('--test', '--test-reporter=tap', file);
    expect(stdout).toMatch(/^# pass [1-9]/m);
    return;
  }
  const { stdout } = await node(file);
  const printed = stdout.split('\n');
  for (const line of printedBy(text)) expect(printed).toContain(line);
}

test.each(pages)('the code of %s runs and prints what it says', async (page) => {
  for (const [index, step] of stepsOf(readFileSync(join(guides, page), 'utf8')).entries()) {
    await perform(step, `${page.replace('.md', '')}-${index}`);
  }
});

test('programs of the guides pass the type check', async () => {
  for (const page of pages) {
    for (const [index, { kind, text }] of stepsOf(readFileSync(join(guides, page), 'utf8')).entries()) {
      // The config of the server would check all of the server.
      if (kind === 'ts') await writeFile(join(cwd(), `typed-${page.replace('.md', '')}-${index}.ts`), text);
    }
  }
  const options = {
    ...{
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable'],
      module: 'nodenext',
      noEmit: true,
      strict: true,
    },
    ...{ customConditions: ['twite-source'], allowImportingTsExtensions: true, skipLibCheck: true },
    ...{ exactOptionalPropertyTypes: true, types: ['node'], moduleDetection: 'force' },
  };
  await writeFile(
    join(cwd(), 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['typed-*.ts'] }),
  );
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', cwd()], { cwd: cwd() }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});

test('every page is listed, and all links work', () => {
  const index = readFileSync(join(guides, 'README.md'), 'utf8');
  for (const page of pages) if (page !== 'README.md') expect(index).toContain(`(${page})`);
  for (const page of pages) {
    for (const [, target] of readFileSync(join(guides, page), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)) {
      expect(() => readFileSync(join(guides, target as string)), `${page}: ${target}`).not.toThrow(/ENOENT/);
    }
  }
});
