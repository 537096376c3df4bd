import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type?: string };
  readonly author?: string | { readonly name?: string };
  readonly repository?: string | { readonly url?: string };
  readonly homepage?: string;
}

/** The part of esbuild's plugin API that is used here. */
interface Build {
  readonly initialOptions: { metafile?: boolean };
  onEnd(act: (result: { readonly metafile?: BundleMetafile }) => Promise<void>): void;
}

/** The part of esbuild's metafile that describes the content of a bundle. */
export interface BundleMetafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

const packageFolder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const legalFile = /^(licen[cs]e|copying|notice)/i;

/** The folders of the packages whose code a bundle contains, sorted. */
function bundledPackages({ outputs }: BundleMetafile): string[] {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder.exec(file)?.[1];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort();
}

const textOf = <K extends string>(value: string | { readonly [key in K]?: string } | undefined, key: K) =>
  typeof value === 'string' ? value : value?.[key];

async function noticeOf(folder: string): Promise<{ title: string; text: string }> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const files = (await readdir(folder)).filter((name) => legalFile.test(name)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const license = textOf(manifest.license, 'type');
  if (license === undefined && texts.length === 0) throw new Error(`${manifest.name} names no licence`);
  const author = textOf(manifest.author, 'name');
  const source = manifest.homepage ?? textOf(manifest.repository, 'url');
  const facts = [
    `License: ${license ?? 'see below'}`,
    ...(author ? [`Author: ${author}`] : []),
    ...(source ? [`Source: ${source}`] : []),
  ];
  const title = `${manifest.name} ${manifest.version}`;
  return { title, text: [title, facts.join('\n'), ...texts.map((text) => text.trim())].join('\n\n') };
}

/** The licences and notices of the packages in these folders, as one text. */
async function noticesOf(folders: readonly string[]): Promise<string> {
  const notices = new Map<string, string>();
  for (const folder of folders) {
    const { title, text } = await noticeOf(resolve(folder));
    notices.set(title, text);
  }
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `This package contains code of the packages below, under their licenses.${line}${[...notices.values()].join(line)}\n`;
}

/** An esbuild plugin: writes THIRD-PARTY-NOTICES.txt into `folder` if the bundle contains code of other packages. */
export function thirdPartyNotices(folder: string) {
  const file = join(folder, 'THIRD-PARTY-NOTICES.txt');
  return {
    name: 'third-party-notices',
    setup(build: Build): void {
      build.initialOptions.metafile = true;
      build.onEnd(async ({ metafile }) => {
        // A failed build has none.
        if (metafile === undefined) return;
        const folders = bundledPackages(metafile);
        if (folders.length === 0) await rm(file, { force: true });
        else {
          // tsup writes esbuild's output, and creates the folder, only after this.
          await mkdir(folder, { recursive: true });
          await writeFile(file, await noticesOf(folders));
        }
      });
    },
  };
}
