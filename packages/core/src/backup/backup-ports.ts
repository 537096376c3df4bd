/** Sections of files that are objects of media, by where each object was. */
export const mediaSections = ['media', 'withheld', 'uploads'] as const;
export type MediaSection = (typeof mediaSections)[number];

export const isMediaSection = (section: string): section is MediaSection =>
  (mediaSections as readonly string[]).includes(section);

/** One file of a backup. A section that does not fit one file has several, in order. */
export interface BackupFile {
  /** Groups the files that are counted and checked together, such as `identity/accounts`. */
  readonly section: string;
  /** The path in the archive. It begins with the section. */
  readonly name: string;
  /** How many rows or documents it holds; 1 for an object of media. */
  readonly rows: number;
  /** In bytes. */
  readonly size: number;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Where a backup is taken from. The instance may be running: what `files` yields belongs to one moment. */
export interface BackupSource extends AsyncDisposable {
  /** The version of the stored data. */
  readonly schemaVersion: number;
  /** To be read once, each file before the next is asked for. */
  files(): AsyncIterable<BackupFile>;
}

/** A file of a backup that is being restored. */
export type RestoredFile = Omit<BackupFile, 'rows'>;

/** Where a backup is restored to. No process may use it meanwhile. */
export interface RestoreTarget extends AsyncDisposable {
  /** The newest version of data that this installation can read. */
  readonly schemaVersion: number;
  /** Whether it holds data that a restore would destroy. The rest of an interrupted restore does not count. */
  hasData(): Promise<boolean>;
  /**
   * Empties the target and marks it as incomplete, so that no server starts on it until `finish` resolved.
   * `schemaVersion`: of the data in the backup.
   */
  begin(schemaVersion: number): Promise<void>;
  /** Takes over one file; how many rows it held. */
  write(file: RestoredFile): Promise<number>;
  /** To be called when every file was written and its checksum was right. Servers may start afterwards. */
  finish(): Promise<void>;
}
