import { plural } from './show.ts';

/** The contents of an archive: `3 rows`, `3 rows and 1 media file`. */
export const showContents = ({
  rows,
  mediaFiles,
}: {
  readonly rows: number;
  readonly mediaFiles: number;
}): string => plural(rows, 'row') + (mediaFiles === 0 ? '' : ` and ${plural(mediaFiles, 'media file')}`);
