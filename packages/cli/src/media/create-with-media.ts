import type { Twite } from '@twite/sdk';
import type { Given } from '../define-command.ts';
import { readTextBeside } from '../read-text.ts';
import { filesGiven } from './files-given.ts';
import { withUploads } from './upload-files.ts';

interface WrittenCommand {
  readonly args: { readonly text?: string | undefined };
  readonly given: readonly Given[];
  readonly twite: Twite;
  readonly json: boolean;
}

/** Uploads the files of `--media` and creates a post or reply from them and the text: both or nothing. */
export async function createWithMedia<T>(
  { args, given, twite, json }: WrittenCommand,
  create: (content: { readonly text: string; readonly mediaIds: string[] }) => Promise<T>,
): Promise<T> {
  const files = filesGiven(given, ({ flag }) => flag === 'media');
  const text = await readTextBeside(args.text, files);
  return withUploads({ twite, json }, { files, undone: 'Nothing was posted.', attached: true }, (media) =>
    create({ text, mediaIds: media.map(({ mediaId }) => mediaId) }),
  );
}
