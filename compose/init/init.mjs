// The one-shot `init`: makes the secrets of an instance on its first start and gives each container a volume with its own.
// What exists is never replaced: an interrupted start is resumed, and every later start changes nothing.

import { alertSettings } from './alert-settings.mjs';
import { externalUrls } from './external-urls.mjs';
import { filesOf } from './files-of.mjs';
import { giveVolumes } from './give-volumes.mjs';
import { keepInstance } from './keep-instance.mjs';
import { keepSecrets } from './keep-secrets.mjs';
import { putFiles } from './put-files.mjs';

const [root = '/secrets', external = '/external', volumes = '/volumes'] = process.argv.slice(2);
const namespace = process.env.TWITE_NAMESPACE || 'twite';
const bundledAgain = (process.env.TWITE_BUNDLED_AGAIN ?? '').split(',').map((store) => store.trim());

const urls = externalUrls(external);
let alerts;
try {
  alerts = alertSettings(process.env, external);
  keepInstance(`${root}/init/instance.json`, { namespace, external: Object.keys(urls), bundledAgain });
} catch (error) {
  console.error(`init: ${error.message}`);
  process.exit(1);
}
const { secrets, made } = keepSecrets(`${root}/init/secrets.json`);
const written = putFiles(root, filesOf({ secrets, namespace, urls, alerts }));
giveVolumes(volumes);
console.log(`init: made ${made} secrets, wrote ${written} files`);
