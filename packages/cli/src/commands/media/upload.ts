import { string } from '@oclif/core/args';
import { defineCommand } from '../../define-command.ts';
import { altFlag, filesGiven, focusFlag, posterFlag } from '../../media/files-given.ts';
import { uploadOperations, withUploads } from '../../media/upload-files.ts';
import { mediaView } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'Upload images or short videos to attach later.',
  description:
    'Accepts JPEG, PNG, WebP, GIF, AVIF, MP4 and WebM. Files that are not attached within a day are deleted. Each --alt, --focus and --poster belongs to the file before it. If the server rejects a file, no file is kept.',
  examples: [
    '<%= config.bin %> media upload gate.jpg --alt "An iron gate." rain.png --alt "Rain."',
    '<%= config.bin %> media upload clip.mp4 --poster still.jpg',
  ],
  operations: [...uploadOperations],
  args: { files: string({ description: 'The files.', required: true, multiple: true, ignoreStdin: true }) },
  flags: { alt: altFlag, focus: focusFlag, poster: posterFlag },
  async run({ given, twite, json, sayPage }) {
    const files = filesGiven(given, ({ flag }) => flag === undefined);
    const items = await withUploads(
      { twite, json },
      { files, undone: 'None of the files was kept.' },
      async (media) => media,
    );
    const page = { items, nextCursor: null };
    sayPage(page, mediaView, {});
    return page;
  },
});
