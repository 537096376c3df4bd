import { chmodSync, chownSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Volumes of images that do not make them their user's, and the user that compose.yaml runs these images as. */
const users = { s3: 10_001, cdn: 101, filebeat: 0 };

/** Gives each volume to its user. What is in it is that user's own. */
export function giveVolumes(folder) {
  for (const [name, user] of Object.entries(users)) {
    const volume = join(folder, name);
    if (!existsSync(volume)) continue;
    chownSync(volume, user, user);
    chmodSync(volume, 0o700);
  }
}
