import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Plugin } from '@oclif/core/config';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The package as installed, with its list of commands, but running from source: as fast, and needs no build. */
export async function prepareRoot(root: string): Promise<string> {
  await mkdir(root);
  await symlink(file('../commands'), join(root, 'commands'));
  const pjson = JSON.parse(await readFile(file('../../package.json'), 'utf8'));
  pjson.oclif.commands.target = './commands';
  await writeFile(join(root, 'package.json'), JSON.stringify(pjson));
  const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true });
  await plugin.load();
  await writeFile(join(root, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
  return root;
}
