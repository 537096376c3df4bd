/** The sections whose files are media objects, by the original location of the object. */
export const mediaSections = ['media', 'withheld', 'uploads'] as const;
export type MediaSection = (typeof mediaSections)[number];

export const isMediaSection = (section: string): section is MediaSection =>
  (mediaSections as readonly string[]).includes(section);

/** One file of a backup. A section that does not fit into one file is split into several, in order. */
export interface BackupFile {
  /** Groups files that are counted and checked together, such as `identity/accounts`. */
  readonly section: string;
  /** The path in the archive. It starts with the section. */
  readonly name: string;
  /** The number of rows or documents in it; 1 for a media object. */
  readonly rows: number;
  /** In bytes. */
  readonly size: number;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** The source of a backup. The instance may be running: `files` yields a consistent snapshot. */
export interface BackupSource extends AsyncDisposable {
  /** The version of the stored data. */
  readonly schemaVersion: number;
  /** May be iterated once. Each file must be read before the next is requested. */
  files(): AsyncIterable<BackupFile>;
}

/** A file of a backup that is being restored. */
export type RestoredFile = Omit<BackupFile, 'rows'>;

/** The target of a restore. No process may use it during the restore. */
export interface RestoreTarget extends AsyncDisposable {
  /** The newest version of data that this installation can read. */
  readonly schemaVersion: number;
  /** Whether it holds data that a restore would destroy. Leftovers of an interrupted restore do not count. */
  hasData(): Promise<boolean>;
  /**
   * Empties the target and marks it as incomplete, so that no server starts on it until `finish` resolves.
   * `schemaVersion` is that of the data in the backup.
   */
  begin(schemaVersion: number): Promise<void>;
  /** Imports one file and returns how many rows it held. */
  write(file: RestoredFile): Promise<number>;
  /** Must be called after every file was written and its checksum matched. Servers may start afterwards. */
  finish(): Promise<void>;
}
