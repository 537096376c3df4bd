import type { RestoreTarget } from '@twite/core/backup/backup-ports';
import { openEmbeddedRestore } from '@twite/engine-embedded';
import { describeConfig } from '@twite/process/config/describe-config';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import { OperatorError } from '@twite/process/operator-error';
import { asOperatorError, readFromArchive, standardStream } from '../backup/archive-file.ts';
import { ArchiveError, type Manifest, type Section } from '../backup/archive-format.ts';
import { type ArchiveContents, countContents } from '../backup/count-contents.ts';
import { type ArchiveReader, readArchive } from '../backup/read-archive.ts';
import { withDistributedEngine } from './distributed-engine.ts';
import { explainingErrors } from './operator-engine.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface RestoreInput {
  /** The environment of the instance to restore into. */
  readonly env: Env;
  /** A file, or `-` for standard input. */
  readonly source: string;
  /** Whether existing data may be destroyed. */
  readonly force: boolean;
}

/** A variable whose value differs from where the backup was made. */
export interface ChangedVariable {
  readonly name: string;
  readonly backup: string;
  readonly here: string;
}

export interface RestoreSummary extends ArchiveContents {
  readonly manifest: Manifest;
  readonly sections: readonly Section[];
  readonly changedVariables: readonly ChangedVariable[];
}

/** Runs `readArchive`. Errors that the operator can fix become `OperatorError`s. */
async function read(source: string, reader: ArchiveReader): Promise<readonly Section[]> {
  try {
    return await readArchive(readFromArchive(source), reader);
  } catch (error) {
    if (error instanceof ArchiveError) throw new OperatorError(error.message, { cause: error });
    throw asOperatorError(error, 'cannot read the archive');
  }
}

/**
 * `twite restore --check`: reads an archive to its end and verifies its checksums. Changes nothing. `refuse` may throw
 * because of the manifest.
 */
export async function checkArchive(
  source: string,
  refuse: (manifest: Manifest) => Promise<void> = async () => {},
): Promise<Omit<RestoreSummary, 'changedVariables'>> {
  let manifest: Manifest | undefined;
  const sections = await read(source, {
    async onManifest(found) {
      manifest = found;
      await refuse(found);
    },
    async onFile({ chunks }) {
      for await (const _ of chunks);
      return undefined;
    },
  });
  return { manifest: manifest as Manifest, sections, ...countContents(sections) };
}

function openTarget(config: Config): Promise<RestoreTarget> {
  if (config.serviceUrls === null) return explainingErrors(() => openEmbeddedRestore(config.dataDir));
  const { namespace, serviceUrls } = config;
  return withDistributedEngine(({ openDistributedRestore }) =>
    openDistributedRestore(serviceUrls, namespace),
  );
}

/** Checks whether this archive may be restored to this target. Throws `OperatorError`, with advice, when it may not. */
async function refuseUnfit(manifest: Manifest, config: Config, target: RestoreTarget, force: boolean) {
  if (manifest.engine !== config.engine) {
    throw new OperatorError(
      `the archive is from the ${manifest.engine} engine, but TWITE_ENGINE is ${config.engine}. Restore it with TWITE_ENGINE=${manifest.engine}; then \`twite move\` can move embedded data to the distributed engine.`,
    );
  }
  if (manifest.schemaVersion > target.schemaVersion) {
    throw new OperatorError(
      `the archive has data version ${manifest.schemaVersion}, from Twite ${manifest.twiteVersion}; this Twite reads versions up to ${target.schemaVersion}. Upgrade Twite.`,
    );
  }
  if (!force && (await target.hasData())) {
    throw new OperatorError(
      'the target already has data. Use an empty target, or --force, which permanently deletes its data.',
    );
  }
}

/**
 * `twite restore`: replaces all data of the target with a backup. No server may run on it. A file is checked completely
 * before anything is changed; standard input can only be read once. Throws `OperatorError` when the archive or the
 * target does not allow it; no server starts on a partly restored target.
 */
export async function restore({ env, source, force }: RestoreInput): Promise<RestoreSummary> {
  const config = loadConfig(env);
  await using target = await openTarget(config);
  return await explainingErrors(async () => {
    const refuse = (manifest: Manifest) => refuseUnfit(manifest, config, target, force);
    if (source !== standardStream) await checkArchive(source, refuse);
    let manifest: Manifest | undefined;
    const sections = await read(source, {
      async onManifest(found) {
        manifest = found;
        await refuse(found);
        await target.begin(found.schemaVersion);
      },
      onFile: (file) => target.write(file),
    });
    await target.finish();
    const found = manifest as unknown as Manifest;
    return {
      manifest: found,
      sections,
      ...countContents(sections),
      changedVariables: compareVariables(found, env),
    };
  });
}

/** These identify the instance, so they always differ. */
const whereabouts = ['TWITE_DATA_DIR', 'TWITE_NAMESPACE'];

function compareVariables({ configuration }: Manifest, env: Env): ChangedVariable[] {
  const here = describeConfig(env).variables;
  return Object.entries(configuration.variables).flatMap(([name, backup]) => {
    const value = here[name];
    return value === undefined || value === backup || whereabouts.includes(name)
      ? []
      : [{ name, backup, here: value }];
  });
}
