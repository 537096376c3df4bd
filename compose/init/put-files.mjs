import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

const contentOf = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Writes a file with its owner and mode, unless it is there already. Renamed into place: readers never see half of it. */
export function putFile(path, { content, uid, gid, mode }) {
  if (contentOf(path) === content) {
    const found = statSync(path);
    if (found.uid === uid && found.gid === gid && (found.mode & 0o777) === mode) return false;
  }
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, mode);
  chownSync(draft, uid, gid);
  renameSync(draft, path);
  return true;
}

/** Writes all files below `root`; answers how many changed. */
export const putFiles = (root, files) =>
  files.filter(({ path, ...file }) => putFile(join(root, path), file)).length;
