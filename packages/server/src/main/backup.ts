import { dirname, resolve } from 'node:path';
import type { BackupSource } from '@twite/core/backup/backup-ports';
import { openEmbeddedBackup } from '@twite/engine-embedded';
import { describeConfig } from '@twite/process/config/describe-config';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import { OperatorError } from '@twite/process/operator-error';
import { twiteVersion } from '@twite/process/twite-version';
import { standardStream, writeToArchive } from '../backup/archive-file.ts';
import { formatVersion, type Manifest, type Section } from '../backup/archive-format.ts';
import { type ArchiveContents, countContents } from '../backup/count-contents.ts';
import { writeArchive } from '../backup/write-archive.ts';
import { withDistributedEngine } from './distributed-engine.ts';
import { explainingErrors } from './operator-engine.ts';

export interface BackupInput {
  /** The environment of the server. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A file that must not exist, or `-` for standard output. */
  readonly destination: string;
}

export interface BackupSummary extends ArchiveContents {
  readonly manifest: Manifest;
  readonly sections: readonly Section[];
}

function openSource(config: Config, destination: string): Promise<BackupSource> {
  if (config.serviceUrls !== null) {
    const { namespace, serviceUrls } = config;
    return withDistributedEngine(({ openDistributedBackup }) =>
      openDistributedBackup(serviceUrls, namespace),
    );
  }
  // On the disk that needs room for the archive anyway.
  const workDir = destination === standardStream ? config.dataDir : dirname(resolve(destination));
  return explainingErrors(() => openEmbeddedBackup({ dataDir: config.dataDir, workDir }));
}

/**
 * `twite backup`: writes one archive of everything that cannot be derived. The instance may be running. Throws
 * `OperatorError` when it cannot be read or the archive cannot be written; no archive is left then.
 */
export async function backUp({ env, destination }: BackupInput): Promise<BackupSummary> {
  const config = loadConfig(env);
  using interruption = onInterruption();
  return await writeToArchive(destination, async (output) => {
    await using source = await openSource(config, destination);
    const manifest: Manifest = {
      format: 'twite-backup',
      formatVersion,
      twiteVersion: twiteVersion(),
      engine: config.engine,
      schemaVersion: source.schemaVersion,
      createdAt: new Date().toISOString(),
      namespace: config.namespace,
      configuration: toMutable(describeConfig(env)),
    };
    const sections = await explainingErrors(() =>
      writeArchive(output, manifest, source.files(), interruption.signal),
    );
    return { manifest, sections, ...countContents(sections) };
  });
}

/** Stopping the command leaves no partial files behind. */
function onInterruption(): { readonly signal: AbortSignal } & Disposable {
  const interruption = new AbortController();
  const interrupt = () =>
    interruption.abort(new OperatorError('the backup was interrupted, and no archive was created'));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  return {
    signal: interruption.signal,
    [Symbol.dispose]() {
      for (const signal of signals) process.removeListener(signal, interrupt);
    },
  };
}

const toMutable = ({ variables, secrets }: ReturnType<typeof describeConfig>) => ({
  variables: { ...variables },
  secrets: [...secrets],
});
