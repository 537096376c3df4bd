import { isMediaSection } from '@twite/core/backup/backup-ports';
import type { Section } from './archive-format.ts';

/** The content of an archive, for display. */
export interface ArchiveContents {
  /** Rows of the database. */
  readonly rows: number;
  readonly mediaFiles: number;
}

export function countContents(sections: readonly Section[]): ArchiveContents {
  let [rows, mediaFiles] = [0, 0];
  for (const { section, rows: held, files } of sections) {
    if (isMediaSection(section)) mediaFiles += files;
    else rows += held;
  }
  return { rows, mediaFiles };
}
